//! Names of claims that a claims struct cannot use.

use proc_macro2::TokenStream;
use quote::ToTokens;

use super::ast::Field;
use super::version::Version;
use crate::diag::Diag;

/// Rejects names that are reserved in tokens. `is_own`: the app issues these claims.
pub(super) fn collisions(field: &Field<'_>, version: &Version, is_own: bool, diag: &mut Diag) {
    let Some(names) = &field.names else { return };
    let renamed = field.serde.text("rename").map(|name| name.to_token_stream());
    let tokens = renamed.unwrap_or_else(|| field.member.to_token_stream());
    if names.serialize == "sub" && field.marks.subject.is_none() {
        return diag.error(
            tokens,
            "`sub` is the subject of a token: mark this field with `#[claims(subject)]`, or rename the field",
        );
    }
    if version.is_set() && [&names.serialize, &names.deserialize].contains(&&"ver".to_owned()) {
        return diag.error(
            tokens,
            "jwt-auth sets the claim `ver` itself, because the struct has a `version`: rename the field",
        );
    }
    if collision(&names.serialize, tokens.clone(), "field", diag)
        || collision(&names.deserialize, tokens.clone(), "field", diag)
    {
        return;
    }
    let reserved = [&names.serialize, &names.deserialize].into_iter().find_map(|name| reserved(name, is_own));
    if let Some(problem) = reserved {
        diag.error(tokens, format!("{problem}: rename the field"));
    }
}

/// Returns why a name is reserved, although jwt-auth does not set the claim. An issuer may use its names as it likes, except
/// for `cnf`, with which no token is accepted.
fn reserved(name: &str, is_own: bool) -> Option<&'static str> {
    match name {
        "cnf" => Some("the claim `cnf` binds a token to a key of its client (RFC 7800, section 3.1)"),
        "act" if is_own => Some("the claim `act` names who acts for the subject (RFC 8693, section 4.1)"),
        "may_act" if is_own => {
            Some("the claim `may_act` names who may act for the subject (RFC 8693, section 4.4)")
        }
        "client_id" if is_own => {
            Some("the claim `client_id` names the client that a token was issued to (RFC 8693, section 4.3)")
        }
        _ => None,
    }
}

/// Reports the name of a claim that jwt-auth sets. Returns whether it is one.
pub(super) fn collision(name: &str, tokens: TokenStream, what: &str, diag: &mut Diag) -> bool {
    let read = match name {
        "exp" => ", and read the claim with `Auth::expires_at`",
        "iat" => ", and read the claim with `Auth::issued_at`",
        "jti" => ", and read the claim with `Auth::token_id`",
        "sid" => ", and read the claim with `Auth::session_id`",
        "auth_time" => ", and read the claim with `Auth::signed_in_at`",
        "acr" => ", and read the claim with `Auth::acr`",
        "iss" | "aud" | "nbf" | "gen" | "rev" => "",
        _ => return false,
    };
    diag.error(tokens, format!("jwt-auth sets the claim `{name}` itself: rename the {what}{read}"));
    true
}

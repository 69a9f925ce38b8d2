//! Explains the parts of a token.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jwt_auth::__private::operator::Origin;
use jwt_auth::clock::Timestamp;
use jwt_auth::{AuthError, InvalidGrant, InvalidToken};
use serde_json::Value;

/// Explains a header parameter (RFC 7515, section 4.1).
pub(crate) fn parameter(name: &str, value: &Value) -> String {
    let text = match (name, value.as_str()) {
        ("alg", Some("none")) => "unsigned, so no app accepts it (RFC 8725, section 3.2)",
        ("alg", _) => "the algorithm of the signature, which must be that of the key",
        ("typ", Some("at+jwt")) => "an access token (RFC 9068)",
        ("typ", Some("rt+jwt")) => "a refresh token, which only the refresh and logout routes accept",
        ("typ", _) => "the type of token",
        ("kid", _) => "the name of the key that signed the token",
        ("crit", _) => "required extensions; none are supported, so the token is rejected",
        ("jwk" | "jku" | "x5u" | "x5c", _) => {
            "a key in the token itself, which is never used (RFC 8725, section 3.10)"
        }
        _ => "ignored",
    };
    text.to_owned()
}

/// Explains a claim (RFC 7519, section 4.1; RFC 9068, section 2.2) of a token that names this issuer. Without settings,
/// the issuer is not known.
pub(crate) fn claim(name: &str, value: &Value, origin: Option<&Origin<'_>>) -> String {
    let at = |what: &str| match value.as_u64() {
        Some(seconds) => format!("{what} {}", date(seconds)),
        None => format!("{what}: not a valid time"),
    };
    match name {
        "exp" => return at("expires"),
        "nbf" => return at("valid from"),
        "iat" => return at("issued"),
        "auth_time" => return at("user signed in"),
        _ => {}
    }
    let text = match (name, origin) {
        ("sub", _) => "the subject, such as the id of a user",
        ("acr", _) => "how the user signed in",
        ("iss", Some(Origin::Trusted(_))) => "the issuer, which is trusted: it is in the setting `issuers`",
        ("iss", Some(Origin::Unknown)) => {
            "the issuer, which is neither in the setting `issuer` nor in `issuers`"
        }
        ("iss", _) => "the issuer, which must match the setting `issuer` if that is set",
        (name, Some(Origin::Trusted(issuer))) if name == issuer.audience_claim() => {
            return match issuer.audience() {
                [] => format!("the audience, which claims types of {} name", issuer.issuer()),
                names => format!(
                    "the audience, which must include {}: the setting `audience` of {}",
                    list(names),
                    issuer.issuer()
                ),
            };
        }
        ("aud", Some(Origin::Trusted(_))) => "the audience, which must match, too, if the token has one",
        ("jti", Some(Origin::Trusted(_))) => "the id of the token",
        (_, Some(Origin::Trusted(issuer))) => return format!("a claim of {}", issuer.issuer()),
        ("aud", _) => {
            "the audience, which must include one from the setting `audience` if that is set, or that of the claims type"
        }
        ("jti", _) => "the id of the token, which `jwt-auth revoke-token` can revoke",
        ("sid", _) => "the id of the session, which `jwt-auth revoke` can end",
        ("ver", _) => "the version of the claims",
        ("gen", _) => "how often the session was refreshed",
        ("rev", _) => "the revision of the subject's tokens, which a logout everywhere increases",
        _ => "a claim of the app",
    };
    text.to_owned()
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(" or ")
}

/// Explains why an app rejects a token that names this issuer, and where to look.
pub(crate) fn refusal(error: &AuthError, origin: Option<&Origin<'_>>) -> String {
    match error {
        AuthError::InvalidToken(reason) | AuthError::InvalidGrant(InvalidGrant::Token(reason)) => {
            token(reason, origin)
        }
        AuthError::InvalidGrant(InvalidGrant::Unknown) => {
            "its session does not exist: it was ended, or the app stores its sessions elsewhere".to_owned()
        }
        AuthError::InvalidGrant(InvalidGrant::Expired) => "its session has expired".to_owned(),
        AuthError::InvalidGrant(InvalidGrant::Reused) => {
            "it was used before, so its session was ended".to_owned()
        }
        AuthError::InvalidGrant(reason) => reason.to_string(),
        other => other.to_string(),
    }
}

fn token(reason: &InvalidToken, origin: Option<&Origin<'_>>) -> String {
    let issuer = match origin {
        Some(Origin::Trusted(issuer)) => Some(issuer),
        _ => None,
    };
    let is_unknown = matches!(origin, Some(Origin::Unknown));
    let text = match (reason, issuer) {
        (InvalidToken::UnknownKey | InvalidToken::BadSignature | InvalidToken::WrongIssuer, None)
            if is_unknown =>
        {
            "its `iss` is neither this app (the setting `issuer`) nor a trusted issuer (`issuers`)"
        }
        (InvalidToken::TooLong { .. }, None) => "it is longer than 8 KiB, the maximum for tokens of the app",
        (InvalidToken::TooLong { .. }, Some(issuer)) => {
            return format!(
                "it is longer than {} bytes, the setting `max_token_length` of {}",
                issuer.max_token_length(),
                issuer.issuer()
            );
        }
        (InvalidToken::Malformed, _) => {
            "it does not consist of three parts in base64url, the first two with JSON"
        }
        (InvalidToken::WrongType, Some(_)) => {
            "its `typ` is not that of an access token, or not the setting `typ` of its issuer"
        }
        (InvalidToken::WrongType, None) => "its `typ` belongs to another type of token",
        (InvalidToken::WrongAlgorithm, _) => "its `alg` is not the algorithm of the key",
        (InvalidToken::UnknownKey, Some(issuer)) => {
            return format!("{} has no key with its `kid`", issuer.issuer());
        }
        (InvalidToken::UnknownKey, None) => {
            "no key in force has its `kid`; `jwt-auth jwks` lists the keys that have one"
        }
        (InvalidToken::Critical, _) => "its `crit` requires extensions, and none are supported",
        (InvalidToken::BadSignature, Some(issuer)) => {
            return format!(
                "it was not signed with a key of {}, or was modified afterwards",
                issuer.issuer()
            );
        }
        (InvalidToken::BadSignature, None) => {
            "it was not signed with the app's key, or was modified afterwards"
        }
        (InvalidToken::BadClaims(what), _) => {
            return format!("its claims are not valid: {}", what.escape_debug());
        }
        (InvalidToken::Expired, _) => "it has expired",
        (InvalidToken::NotYetValid, _) => "it is not valid yet; if it should be, compare the clocks",
        (InvalidToken::WrongIssuer, _) => "its `iss` does not match the setting `issuer`",
        (InvalidToken::WrongAudience { claim }, Some(issuer)) => {
            let audience = match issuer.audience() {
                [] => "that of the claims type".to_owned(),
                names => list(names),
            };
            let claim = claim.escape_debug();
            return format!(
                "its `{claim}` does not include the audience for {}: {audience}",
                issuer.issuer()
            );
        }
        (InvalidToken::WrongAudience { claim }, None) => {
            return format!(
                "its `{}` does not include any audience from the setting `audience`. If its claims type has an \
                 audience of its own, set `--kind`",
                claim.escape_debug()
            );
        }
        (InvalidToken::SenderConstrained, _) => {
            "it is bound to a key of its client (`cnf`), and must not be used as a bearer token"
        }
        (InvalidToken::IdToken, _) => {
            "it is an ID token, which is meant for the client and not for APIs: send an access token, or set \
             `accept = \"id_token\"` for its issuer"
        }
        (InvalidToken::Revoked, _) => "its session was ended, or the token itself was revoked",
        (InvalidToken::NoSession, _) => "it belongs to no session, and a live session is required",
        (InvalidToken::RepeatedCookie, _) => "the request had two session cookies of one name",
        (other, _) => return other.to_string(),
    };
    text.to_owned()
}

/// Formats a time, and how far away it is.
pub(crate) fn time(time: Timestamp) -> String {
    date(time.as_secs())
}

/// Formats how long ago a time was.
pub(crate) fn age(time: Timestamp) -> String {
    distance(time.as_secs())
}

fn date(seconds: u64) -> String {
    // Later dates cannot be formatted.
    match seconds <= 253_402_300_799 {
        true => {
            let time = UNIX_EPOCH + Duration::from_secs(seconds);
            format!("{} ({})", humantime::format_rfc3339_seconds(time), distance(seconds))
        }
        false => "after the year 9999".to_owned(),
    }
}

fn distance(seconds: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let show = |seconds: u64| {
        // Two units are precise enough.
        let text = humantime::format_duration(Duration::from_secs(seconds)).to_string();
        text.split(' ').take(2).collect::<Vec<_>>().join(" ")
    };
    match seconds.cmp(&now) {
        std::cmp::Ordering::Less => format!("{} ago", show(now - seconds)),
        std::cmp::Ordering::Equal => "now".to_owned(),
        std::cmp::Ordering::Greater => format!("in {}", show(seconds - now)),
    }
}

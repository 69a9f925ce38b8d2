//! The access tokens: `{…data, exp}`.

use std::any::TypeId;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use crate::claims::{BareClaims, Claims, Registered, read_foreign};
use crate::clock::Timestamp;
use crate::config::Settings;
use crate::error::{AuthError, InvalidToken};
use crate::verifier::{Checked, Signed, Window, bad, id_of, missing, unread};

/// Reads the claims of an access token of the other service, and checks its dates and names.
///
/// It says nothing of when it was issued: that is taken to be `access_ttl` before its `exp`. So one that
/// lives longer is refused: nobody would remember for long enough that it was revoked.
pub(crate) fn claims<C: Claims>(
    signed: &Signed,
    settings: &Settings,
    now: Timestamp,
) -> Result<(C, Checked), InvalidToken> {
    if is_refresh_token(&signed.payload) {
        return Err(InvalidToken::WrongType);
    }
    let (claims, registered) = read_foreign::<C>(&signed.payload).map_err(unread)?;
    check_names(&registered, settings)?;
    let checked = check_dates(&registered, settings, now)?;
    Ok((claims, Checked { token_id: id_of(&signed.payload), ..checked }))
}

/// Whoever a token may be about, for claims that do not say it: every number and string among its data.
/// To refuse one too many costs its bearer a refresh; to refuse none would let a revoked one in.
pub(crate) fn subjects<C: Claims>(signed: &Signed) -> Vec<String> {
    if TypeId::of::<C>() != TypeId::of::<BareClaims>() {
        return Vec::new();
    }
    let data: Map<String, Value> = serde_json::from_str(&signed.payload).unwrap_or_default();
    let text = |value| match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    data.into_iter().filter(|(name, _)| name != "exp").filter_map(|(_, value)| text(value)).collect()
}

/// The payload of an access token as the other service would write it.
///
/// # Errors
///
/// The claims cannot be put into a token, or it would pass for a refresh token.
pub(super) fn payload<C: Claims>(claims: &C, expires_at: Timestamp) -> Result<Vec<u8>, AuthError> {
    let fault = |problem: &str| {
        let name = std::any::type_name::<C>();
        AuthError::internal(format!("{name} cannot be put into a token of fastapi_framework: {problem}"))
    };
    // Whatever can be wrong with claims is found by writing a token of ours.
    let kind = claims.body()?.kind;
    if kind.issuer.is_some() || kind.audience.is_some() || C::KINDS.len() > 1 {
        return Err(fault(
            "it says nothing of an issuer and an audience, by which these claims are told from others",
        ));
    }
    let Ok(Value::Object(mut payload)) = serde_json::to_value(claims) else {
        return Err(fault("it does not serialize as an object"));
    };
    if let Some(sub) = payload.get_mut("sub") {
        // Its library takes no other `sub` than a string.
        *sub = claims.subject().into();
    }
    payload.insert("exp".to_owned(), expires_at.as_secs().into());
    let payload = Value::Object(payload).to_string();
    if is_refresh_token(&payload) {
        return Err(fault("with no other claim than `user_id` it would be a refresh token"));
    }
    Ok(payload.into_bytes())
}

/// Whether there is nothing in it but what makes a refresh token, or not even that.
fn is_refresh_token(payload: &str) -> bool {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Names {
        #[serde(rename = "user_id")]
        _user_id: Option<IgnoredAny>,
        #[serde(rename = "exp")]
        _exp: Option<IgnoredAny>,
    }

    serde_json::from_str::<Names>(payload).is_ok()
}

/// The other service writes none of them. What stands there all the same must be ours.
fn check_names(registered: &Registered<'_>, settings: &Settings) -> Result<(), InvalidToken> {
    if registered.iss.is_some()
        && settings.issuer.is_some()
        && registered.iss.as_deref() != settings.issuer.as_deref()
    {
        return Err(InvalidToken::WrongIssuer);
    }
    match &registered.aud {
        Some(audience) if !settings.audience.iter().any(|one| audience.names(one)) => {
            Err(InvalidToken::WrongAudience)
        }
        _ => Ok(()),
    }
}

fn check_dates(
    registered: &Registered<'_>,
    settings: &Settings,
    now: Timestamp,
) -> Result<Checked, InvalidToken> {
    let expires_at = registered.exp.map(Timestamp::from).ok_or_else(|| missing("exp"))?;
    let begins = registered.nbf.max(registered.iat).map(Timestamp::from);
    let good = Window::new(begins, expires_at, settings.leeway);
    good.check(now)?;
    if expires_at > now + settings.access_ttl + settings.leeway {
        return Err(bad(
            "`exp` is further away than `access_ttl`: set that, or JWT_ACCESS_TOKEN_EXPIRE_MINUTES, to what the \
             service on fastapi_framework has",
        ));
    }
    let issued_at = expires_at.before(settings.access_ttl);
    let token_id = Default::default();
    let sign_in = Default::default();
    Ok(Checked { issued_at, expires_at, good, token_id, session_id: None, sign_in, is_ours: true })
}

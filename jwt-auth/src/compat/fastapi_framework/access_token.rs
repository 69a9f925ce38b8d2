//! Access tokens in the format of the other service.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use crate::claims::{Claims, to_json};
use crate::clock::Timestamp;
use crate::error::AuthError;
use crate::verify::fastapi_framework::is_refresh_token;

/// Returns the payload of an access token, as the other service writes it.
///
/// # Errors
///
/// Returns an error if the claims cannot be put into a token, or if the token would pass for a refresh token.
pub(super) fn payload<C: Claims>(claims: &C, expires_at: Timestamp) -> Result<Vec<u8>, AuthError> {
    let fault = |problem: &str| {
        let name = std::any::type_name::<C>();
        AuthError::internal(format!("{name} cannot be put into a token of fastapi_framework: {problem}"))
    };
    // Encoding the claims for a token of this app detects all other problems.
    let profile = C::CODEC.write(claims)?.profile;
    if profile.issuer.is_some() || profile.audience.is_some() || C::CODEC.len() > 1 {
        return Err(fault(
            "the token would contain no issuer and no audience to distinguish these claims from others",
        ));
    }
    let json = to_json(claims).unwrap_or_default();
    // The values stay text, because `Value` has no numbers of more than 64 bits.
    let Ok(mut payload) = serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(&json) else {
        return Err(fault("the claims do not serialize as an object"));
    };
    let raw = |value: Value| to_raw_value(&value).expect("a JSON value serializes");
    if let Some(sub) = payload.get_mut("sub") {
        // The library of the other service accepts only a string as `sub`.
        *sub = raw(claims.subject().into());
    }
    payload.insert("exp".to_owned(), raw(expires_at.as_secs().into()));
    let payload = serde_json::to_string(&payload).expect("JSON values serialize");
    if is_refresh_token(&payload) {
        return Err(fault("without claims other than `user_id`, the token would pass for a refresh token"));
    }
    Ok(payload.into_bytes())
}

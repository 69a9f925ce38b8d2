//! Access tokens in the format of the other service.

use serde_json::Value;

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
    let Ok(Value::Object(mut payload)) = serde_json::from_str(&json) else {
        return Err(fault("the claims do not serialize as an object"));
    };
    if let Some(sub) = payload.get_mut("sub") {
        // The library of the other service accepts only a string as `sub`.
        *sub = claims.subject().into();
    }
    payload.insert("exp".to_owned(), expires_at.as_secs().into());
    let payload = Value::Object(payload).to_string();
    if is_refresh_token(&payload) {
        return Err(fault("without claims other than `user_id`, the token would pass for a refresh token"));
    }
    Ok(payload.into_bytes())
}

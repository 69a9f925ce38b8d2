//! The `WWW-Authenticate` header (RFC 6750, section 3; RFC 9470, section 3). Every 401 has it (RFC 9110, section 15.5.2).

use rocket::http::{Header, Status};
use rocket::{Request, Response};

use super::state::jwt_auth;
use crate::error::AuthError;

/// Adds the headers of an error to a response.
pub(super) fn challenge(request: &Request<'_>, response: &mut Response<'_>, error: &AuthError) {
    if let Some(parameters) = parameters(error) {
        let realm = jwt_auth(request).map_or("api", |auth| auth.realm());
        response.set_header(Header::new("WWW-Authenticate", format!("Bearer realm=\"{realm}\"{parameters}")));
    }
    let retry_after = match error {
        AuthError::TooManyAttempts(throttled) => Some(throttled.seconds()),
        _ => (error.status() == Status::ServiceUnavailable).then_some(1),
    };
    if let Some(seconds) = retry_after {
        response.set_header(Header::new("Retry-After", seconds.to_string()));
    }
}

/// Returns whether the response to an error has a challenge.
#[cfg(feature = "utoipa")]
pub(crate) fn is_challenged(error: &AuthError) -> bool {
    parameters(error).is_some()
}

/// Returns the parameters after the realm, or `None` for errors that no access token could prevent.
fn parameters(error: &AuthError) -> Option<String> {
    let coded = || format!(", error=\"{}\", error_description=\"{}\"", error.code(), error.description());
    match error {
        // Without an error code, since the client sent no access token (RFC 6750, section 3.1).
        AuthError::Unauthorized | AuthError::InvalidCredentials | AuthError::InvalidGrant(_) => {
            Some(String::new())
        }
        AuthError::InvalidRequest(_) | AuthError::InvalidToken(_) => Some(coded()),
        AuthError::InsufficientScope(denied) => {
            let scope = denied.scope().map(|scope| format!(", scope=\"{scope}\"")).unwrap_or_default();
            Some(coded() + &scope)
        }
        AuthError::InsufficientUserAuthentication(step_up) => {
            let max_age = step_up.max_age().map(|max_age| format!(", max_age=\"{}\"", max_age.as_secs()));
            let acr_values = step_up.acr_values().map(|values| format!(", acr_values=\"{values}\""));
            Some(coded() + &max_age.unwrap_or_default() + &acr_values.unwrap_or_default())
        }
        _ => None,
    }
}

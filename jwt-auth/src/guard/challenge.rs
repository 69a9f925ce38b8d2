//! The `WWW-Authenticate` header (RFC 6750, section 3; RFC 9470, section 3).
//!
//! Rocket drops a guard's error before any catcher runs, so the error is remembered in the request
//! and the header is put on the response that leaves, whichever catcher made it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rocket::http::{Header, Status};
use rocket::{Request, Response};

use super::jwt_auth;
use crate::error::AuthError;

#[derive(Default)]
struct Failure(Mutex<Option<AuthError>>);

impl Failure {
    fn of<'r>(request: &'r Request<'_>) -> MutexGuard<'r, Option<AuthError>> {
        request.local_cache(Self::default).0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps the last error of a request: an earlier guard may have failed on a route that forwarded.
pub(super) fn remember(request: &Request<'_>, error: &AuthError) {
    *Failure::of(request) = Some(error.clone());
}

/// The error of the request, if a guard refused it with this status.
pub(crate) fn failure(request: &Request<'_>, status: Status) -> Option<AuthError> {
    Failure::of(request).clone().filter(|error| error.status() == status)
}

/// Puts on a response the headers that its error asks for.
pub(crate) fn challenge(request: &Request<'_>, response: &mut Response<'_>, error: &AuthError) {
    if let Some(parameters) = parameters(error) {
        let realm = jwt_auth(request).map_or("api", |auth| &auth.settings().realm);
        response.set_header(Header::new("WWW-Authenticate", format!("Bearer realm=\"{realm}\"{parameters}")));
    }
    if error.status() == Status::ServiceUnavailable {
        response.set_header(Header::new("Retry-After", "1"));
    }
}

/// Whether an error is answered with a challenge.
#[cfg(feature = "utoipa")]
pub(crate) fn is_challenged(error: &AuthError) -> bool {
    parameters(error).is_some()
}

/// What follows the realm. `None` for errors that no access token could mend.
fn parameters(error: &AuthError) -> Option<String> {
    let coded = || format!(", error=\"{}\", error_description=\"{}\"", error.code(), error.description());
    match error {
        // Without an error code: the client has not tried (RFC 6750, section 3.1).
        AuthError::Unauthorized => Some(String::new()),
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

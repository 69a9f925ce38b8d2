//! The `WWW-Authenticate` header (RFC 6750, section 3).
//!
//! Rocket drops a guard's error before any catcher runs, so the error is remembered in the request
//! and the header is put on the response that leaves, whichever catcher made it.

use rocket::http::{Header, Status};
use rocket::{Request, Response};

use super::jwt_auth;
use crate::error::AuthError;

struct Failure(Option<AuthError>);

/// Keeps the first error of a request.
pub(super) fn remember(request: &Request<'_>, error: &AuthError) {
    request.local_cache(|| Failure(Some(error.clone())));
}

/// The error of the request, if a guard refused it.
pub(crate) fn failure<'r>(request: &'r Request<'_>) -> Option<&'r AuthError> {
    request.local_cache(|| Failure(None)).0.as_ref()
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
        _ => None,
    }
}

//! The error of a request, for the app's own catchers and fairings.

use rocket::Request;

use super::state::RequestState;
use crate::error::AuthError;

impl AuthError {
    /// Returns the error that rejected a request: the last one of a guard, or the one that a handler responded with. For
    /// catchers and response fairings of the app.
    ///
    /// Returns `None` if nothing of this crate rejected the request, and for a denial that `or_not_found` hides. If a handler takes a guard in an `Option` and goes on
    /// without it, the error of that guard is still returned, so look at the status of the response, too.
    ///
    /// # Example
    ///
    /// ```
    /// use jwt_auth::{AuthError, InvalidToken};
    /// use rocket::{Request, catch};
    ///
    /// #[catch(401)]
    /// fn unauthorized(request: &Request<'_>) -> &'static str {
    ///     match AuthError::of(request) {
    ///         Some(AuthError::InvalidToken(InvalidToken::Expired)) => "Your session has expired.",
    ///         _ => "Please sign in.",
    ///     }
    /// }
    /// ```
    pub fn of(request: &Request<'_>) -> Option<Self> {
        let failure = RequestState::of(request).last_failure().filter(|failure| !failure.is_hidden)?;
        Some(failure.error)
    }
}

//! The error that rejects a request.

use std::sync::Arc;

use super::denial::{Denial, StepUp};
use super::reason::{InvalidGrant, InvalidRequest, InvalidToken, MalformedCredentials};
use super::store::StoreError;
use super::throttled::Throttled;

/// The reason a request was rejected.
///
/// As a response, it is JSON with the status and the `error` from this table (RFC 6750, section 3.1; RFC 6749, section
/// 5.2). The text that clients see comes from a fixed list. [`source`](std::error::Error::source) returns the cause,
/// for logs.
///
/// | variant | status | `error` |
/// |---|---|---|
/// | `Unauthorized` | 401 | `unauthorized` |
/// | `InvalidCredentials` | 401 | `invalid_credentials` |
/// | `TooManyAttempts` | 429 | `too_many_attempts` |
/// | `InvalidRequest` | 400 | `invalid_request` |
/// | `MalformedCredentials` | 400, 413 or 422 | `invalid_request` |
/// | `InvalidToken` | 401 | `invalid_token` |
/// | `InsufficientScope` | 403 | `insufficient_scope` |
/// | `CrossOrigin` | 403 | `cross_origin` |
/// | `InsufficientUserAuthentication` | 401 | `insufficient_user_authentication` (RFC 9470) |
/// | `InvalidGrant` | 401 | `invalid_grant` |
/// | `TemporarilyUnavailable` | 503 | `temporarily_unavailable` |
/// | `Internal` | 500 | `server_error` |
///
/// On a route with `or_not_found`, an `InsufficientScope` of its access rule is a 404 without any of this.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuthError {
    /// The request has no bearer token.
    #[error("no bearer token")]
    Unauthorized,
    /// A login failed. Apps return this themselves, since they look up the account.
    #[error("invalid credentials")]
    InvalidCredentials,
    /// There were too many attempts to sign in to this account, or from this network. The response says in `Retry-After` when
    /// the next one is permitted. See the [guide](crate::guide::throttling).
    #[error("too many attempts to sign in")]
    TooManyAttempts(#[from] Throttled),
    /// The `Authorization` header cannot be parsed.
    #[error("invalid Authorization header")]
    InvalidRequest(#[source] InvalidRequest),
    /// The body of [`Credentials`](crate::Credentials) cannot be parsed.
    #[error("malformed credentials")]
    MalformedCredentials(#[from] MalformedCredentials),
    /// The access token is not valid.
    #[error("invalid access token")]
    InvalidToken(#[from] InvalidToken),
    /// The token is valid, but it does not meet the policy of the route.
    #[error("access denied")]
    InsufficientScope(#[source] Denial),
    /// A page of another site may have caused the request, so it must not use the browser's session cookie. The log says what
    /// the request sent.
    #[error("cross-origin request")]
    CrossOrigin,
    /// The token is valid, but its user must sign in again for this route: the sign-in was too long ago or too
    /// weak.
    #[error("step-up authentication required")]
    InsufficientUserAuthentication(#[source] StepUp),
    /// The refresh token is not valid.
    #[error("invalid refresh token")]
    InvalidGrant(#[from] InvalidGrant),
    /// The store, the loader of a refresh, or an issuer whose keys are fetched did not answer, or too many passwords are
    /// waiting to be hashed. The client can try again.
    #[error("a required service is unavailable")]
    TemporarilyUnavailable(#[source] Arc<dyn std::error::Error + Send + Sync>),
    /// The app has a bug or is misconfigured. The message describes the problem.
    #[error("{0}")]
    Internal(Arc<str>),
}

impl AuthError {
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::Internal(message.into().into())
    }

    /// Converts an error of [`Users::sign_in`](crate::Users::sign_in). Rejected and throttled credentials keep their response.
    /// Any other error means that the credentials could not be checked.
    pub(crate) fn of_sign_in(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        match cause.into().downcast::<Self>() {
            Ok(error) if matches!(*error, Self::InvalidCredentials | Self::TooManyAttempts(_)) => *error,
            Ok(error) => Self::unavailable(*error),
            Err(cause) => Self::unavailable(cause),
        }
    }

    pub(crate) fn unavailable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        match cause.into().downcast::<Self>() {
            // The error type of an app's users may be this one.
            Ok(error) if matches!(*error, Self::TemporarilyUnavailable(_)) => *error,
            Ok(error) => {
                Self::TemporarilyUnavailable(Arc::from(error as Box<dyn std::error::Error + Send + Sync>))
            }
            Err(cause) => Self::TemporarilyUnavailable(cause.into()),
        }
    }
}

impl From<StoreError> for AuthError {
    fn from(error: StoreError) -> Self {
        Self::unavailable(error)
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;

    #[test]
    fn an_unavailable_service_is_not_reported_twice() {
        let error = AuthError::unavailable(AuthError::unavailable("the database is down"));
        assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("the database is down"));
        let error = AuthError::unavailable(AuthError::internal("a bug"));
        assert_eq!(
            (error.status().code, error.source().map(ToString::to_string)),
            (503, Some("a bug".to_owned()))
        );
    }

    #[test]
    fn credentials_may_be_rejected_by_an_error() {
        let status = |error: AuthError| AuthError::of_sign_in(error).status().code;
        assert_eq!(status(AuthError::InvalidCredentials), 401);
        let throttled = Throttled::new(crate::error::ThrottleLimit::Account, std::time::Duration::ZERO);
        assert_eq!(status(throttled.into()), 429);
        assert_eq!(status(AuthError::unavailable("the database is down")), 503);
        assert_eq!(status(AuthError::internal("a bug")), 503);
        assert_eq!(AuthError::of_sign_in(std::io::Error::other("a fault")).status().code, 503);
    }
}

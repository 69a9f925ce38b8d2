//! Why a request is refused, and the one table of what that looks like from outside.

use std::fmt;
use std::sync::Arc;

use rocket::http::Status;

use super::chain::Chain;
use super::store::StoreError;
use crate::guard::MalformedCredentials;
use crate::policy::{Denied, StepUp};

/// Why a request was refused.
///
/// As an answer it is JSON, with the status and the `error` of this table (RFC 6750, section 3.1;
/// RFC 6749, section 5.2). What clients are told comes from a fixed list; the cause is for logs.
///
/// | variant | status | `error` |
/// |---|---|---|
/// | `Unauthorized` | 401 | `unauthorized` |
/// | `InvalidCredentials` | 401 | `invalid_credentials` |
/// | `InvalidRequest` | 400 | `invalid_request` |
/// | `MalformedCredentials` | 400, 413 or 422 | `invalid_request` |
/// | `InvalidToken` | 401 | `invalid_token` |
/// | `InsufficientScope` | 403 | `insufficient_scope` |
/// | `InsufficientUserAuthentication` | 401 | `insufficient_user_authentication` (RFC 9470) |
/// | `InvalidGrant` | 401 | `invalid_grant` |
/// | `TemporarilyUnavailable` | 503 | `temporarily_unavailable` |
/// | `Internal` | 500 | `server_error` |
#[derive(Clone)]
#[non_exhaustive]
pub enum AuthError {
    /// The request carries no bearer token.
    Unauthorized,
    /// A login failed. For apps to return; the crate checks no passwords.
    InvalidCredentials,
    /// The `Authorization` header cannot be read.
    InvalidRequest(InvalidRequest),
    /// The body of [`Credentials`](crate::Credentials) cannot be read.
    MalformedCredentials(MalformedCredentials),
    /// The access token is not good.
    InvalidToken(InvalidToken),
    /// The token is good, and not enough for this route.
    InsufficientScope(Denied),
    /// The token is good, and its user has to sign in again for this route: the sign-in was too long ago, or
    /// by another way.
    InsufficientUserAuthentication(StepUp),
    /// The refresh token is not good.
    InvalidGrant(InvalidGrant),
    /// The store, the loader of a refresh, or an issuer that publishes its keys gave no answer: ask again.
    TemporarilyUnavailable(Arc<dyn std::error::Error + Send + Sync>),
    /// The app is at fault: the message says how.
    Internal(Arc<str>),
}

/// What is wrong with an `Authorization` header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidRequest {
    /// There are two of them (RFC 9110, section 5.3).
    Repeated,
    /// What follows `Bearer` is not one token (RFC 6750, section 2.1).
    Malformed,
}

/// What is wrong with a token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidToken {
    /// It is longer than any that is looked at.
    TooLong,
    /// It is not a compact JWS (RFC 7515, section 7.1), or its header is not what one may be.
    Malformed,
    /// Its `typ` is that of another kind of token.
    WrongType,
    /// Its `alg` is not the one of its key.
    WrongAlgorithm,
    /// Its `kid` names no key.
    UnknownKey,
    /// It asks for an extension with `crit` (RFC 7515, section 4.1.11). None is supported.
    Critical,
    /// It was not signed with the key.
    BadSignature,
    /// A claim is missing, of a wrong type or there twice, or they are not the claims of the route.
    /// The text says which.
    BadClaims(String),
    /// It is past its `exp`.
    Expired,
    /// Its `nbf` or its `iat` is yet to come.
    NotYetValid,
    /// Its `iss` is another.
    WrongIssuer,
    /// Its `aud` does not name this app.
    WrongAudience,
    /// It was revoked: its session was ended, or the token itself.
    Revoked,
    /// It belongs to no session, and it was asked whether that lives.
    NoSession,
}

/// Why a refresh was refused. Clients are not told which.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidGrant {
    /// The token itself is not good.
    Token(InvalidToken),
    /// Its session is not there: it was ended, or never began.
    Unknown,
    /// Its session is past its idle or its absolute end.
    Expired,
    /// It was used before, so it may have been stolen. Its session was ended.
    Reused,
    /// The loader says that its user is gone. Its session was ended.
    NoSuchSubject,
}

impl AuthError {
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::Internal(message.into().into())
    }

    pub(crate) fn unavailable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::TemporarilyUnavailable(cause.into().into())
    }

    /// The status that it is answered with.
    pub fn status(&self) -> Status {
        self.answer().status
    }

    /// The `error` of the answer's body.
    pub fn code(&self) -> &'static str {
        self.answer().code
    }

    /// The `error_description` of the answer's body.
    pub fn description(&self) -> &'static str {
        self.answer().description
    }

    pub(crate) fn answer(&self) -> Answer {
        let answer = |status, code, description| Answer { status, code, description };
        match self {
            Self::Unauthorized => answer(Status::Unauthorized, "unauthorized", "An access token is needed."),
            Self::InvalidCredentials => {
                answer(Status::Unauthorized, "invalid_credentials", "The credentials are not right.")
            }
            Self::InvalidRequest(_) => answer(
                Status::BadRequest,
                "invalid_request",
                "The Authorization header must hold one bearer token.",
            ),
            Self::MalformedCredentials(reason) => {
                let (status, description) = match reason {
                    MalformedCredentials::NotJson => (Status::BadRequest, "The body must be JSON."),
                    MalformedCredentials::WrongForm => {
                        (Status::UnprocessableEntity, "The body is not of the form that is asked for.")
                    }
                    MalformedCredentials::TooLong => (Status::PayloadTooLarge, "The body is too long."),
                };
                answer(status, "invalid_request", description)
            }
            Self::InvalidToken(reason) => answer(
                Status::Unauthorized,
                "invalid_token",
                match reason {
                    InvalidToken::Expired => "The access token has expired.",
                    InvalidToken::NotYetValid => "The access token is not valid yet.",
                    InvalidToken::Revoked => "The access token was revoked.",
                    InvalidToken::NoSession => "The access token belongs to no session.",
                    _ => "The access token is not valid.",
                },
            ),
            Self::InsufficientScope(_) => {
                answer(Status::Forbidden, "insufficient_scope", "The access token does not permit this.")
            }
            Self::InsufficientUserAuthentication(step_up) => answer(
                Status::Unauthorized,
                "insufficient_user_authentication",
                match step_up.acr_values() {
                    Some(_) => "Another way of signing in is needed.",
                    None => "A more recent sign-in is needed.",
                },
            ),
            Self::InvalidGrant(_) => answer(
                Status::Unauthorized,
                "invalid_grant",
                "The refresh token is not valid. Sign in again.",
            ),
            Self::TemporarilyUnavailable(_) => {
                answer(Status::ServiceUnavailable, "temporarily_unavailable", "Try again in a moment.")
            }
            Self::Internal(_) => {
                answer(Status::InternalServerError, "server_error", "The server is at fault.")
            }
        }
    }
}

/// A row of the table: what a client is told.
pub(crate) struct Answer {
    pub(crate) status: Status,
    pub(crate) code: &'static str,
    pub(crate) description: &'static str,
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthorized => write!(f, "no bearer token"),
            Self::InvalidCredentials => write!(f, "wrong credentials"),
            Self::InvalidRequest(reason) => write!(
                f,
                "{} Authorization header",
                match reason {
                    InvalidRequest::Repeated => "more than one",
                    InvalidRequest::Malformed => "malformed",
                }
            ),
            Self::MalformedCredentials(reason) => write!(f, "{reason}"),
            Self::InvalidToken(reason) => write!(f, "access token refused: {reason:?}"),
            Self::InsufficientScope(denied) => {
                write!(f, "not permitted: {} is not met", denied.clause().escape_debug())
            }
            Self::InsufficientUserAuthentication(step_up) => {
                write!(f, "another sign-in is needed: {} is not met", step_up.clause().escape_debug())
            }
            Self::InvalidGrant(reason) => write!(f, "refresh refused: {reason:?}"),
            Self::TemporarilyUnavailable(_) => write!(f, "no answer from what is needed to decide"),
            Self::Internal(message) => write!(f, "{message}"),
        }
    }
}

/// Shows the causes too, since this is what Rocket logs when a guard fails.
impl fmt::Debug for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Chain(self))
    }
}

impl std::error::Error for AuthError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::TemporarilyUnavailable(cause) => Some(&**cause),
            _ => None,
        }
    }
}

impl From<MalformedCredentials> for AuthError {
    fn from(reason: MalformedCredentials) -> Self {
        Self::MalformedCredentials(reason)
    }
}

impl From<InvalidToken> for AuthError {
    fn from(reason: InvalidToken) -> Self {
        Self::InvalidToken(reason)
    }
}

impl From<InvalidGrant> for AuthError {
    fn from(reason: InvalidGrant) -> Self {
        Self::InvalidGrant(reason)
    }
}

impl From<StoreError> for AuthError {
    fn from(error: StoreError) -> Self {
        Self::unavailable(error)
    }
}

//! The table of everything that a client sees of an error.

use rocket::http::Status;

use super::auth::AuthError;
use super::reason::{InvalidToken, MalformedCredentials};

/// A row of the table.
struct Row {
    status: Status,
    code: &'static str,
    description: &'static str,
}

impl AuthError {
    /// Returns the status of the response.
    pub fn status(&self) -> Status {
        row(self).status
    }

    /// Returns the `error` of the response body.
    pub fn code(&self) -> &'static str {
        row(self).code
    }

    /// Returns the `error_description` of the response body.
    pub fn description(&self) -> &'static str {
        row(self).description
    }
}

fn row(error: &AuthError) -> Row {
    let (status, code, description) = match error {
        AuthError::Unauthorized => (Status::Unauthorized, "unauthorized", "An access token is required."),
        AuthError::InvalidCredentials => {
            (Status::Unauthorized, "invalid_credentials", "Invalid username or password.")
        }
        AuthError::TooManyAttempts(_) => {
            (Status::TooManyRequests, "too_many_attempts", "Too many attempts. Try again later.")
        }
        AuthError::InvalidRequest(_) => (
            Status::BadRequest,
            "invalid_request",
            "The Authorization header must contain exactly one bearer token.",
        ),
        AuthError::MalformedCredentials(reason) => {
            let (status, description) = malformed(reason);
            (status, "invalid_request", description)
        }
        AuthError::InvalidToken(reason) => (Status::Unauthorized, "invalid_token", invalid_token(reason)),
        AuthError::InsufficientScope(_) => {
            (Status::Forbidden, "insufficient_scope", "The access token does not permit this.")
        }
        AuthError::CrossOrigin => {
            (Status::Forbidden, "cross_origin", "Cross-origin requests are not permitted.")
        }
        AuthError::InsufficientUserAuthentication(step_up) => (
            Status::Unauthorized,
            "insufficient_user_authentication",
            match step_up.acr_values() {
                Some(_) => "A stronger sign-in is required.",
                None => "A more recent sign-in is required.",
            },
        ),
        AuthError::InvalidGrant(_) => {
            (Status::Unauthorized, "invalid_grant", "The refresh token is not valid. Sign in again.")
        }
        AuthError::TemporarilyUnavailable(_) => {
            (Status::ServiceUnavailable, "temporarily_unavailable", "Try again in a moment.")
        }
        AuthError::Internal(_) => (Status::InternalServerError, "server_error", "Internal server error."),
    };
    Row { status, code, description }
}

fn malformed(reason: &MalformedCredentials) -> (Status, &'static str) {
    match reason {
        MalformedCredentials::NotJson => (Status::BadRequest, "The body must be JSON."),
        MalformedCredentials::WrongForm { field: None } => {
            (Status::UnprocessableEntity, "The body does not match the expected schema.")
        }
        MalformedCredentials::WrongForm { field: Some(_) } => {
            (Status::UnprocessableEntity, "A field of the body is missing or has the wrong type.")
        }
        MalformedCredentials::TooLong => (Status::PayloadTooLarge, "The body is too long."),
    }
}

fn invalid_token(reason: &InvalidToken) -> &'static str {
    match reason {
        InvalidToken::Expired => "The access token has expired.",
        InvalidToken::NotYetValid => "The access token is not valid yet.",
        InvalidToken::Revoked => "The access token was revoked.",
        InvalidToken::NoSession => "The access token belongs to no session.",
        _ => "The access token is not valid.",
    }
}

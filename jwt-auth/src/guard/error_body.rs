//! The content of error responses.

use rocket::Request;
use rocket::http::Status;
use serde::Serialize;

use crate::error::{AuthError, MalformedCredentials};

/// The content of an error response, for a [format](crate::Catchers::format) of the app. It serializes as the JSON that
/// [`catchers`](crate::catchers) respond with.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorBody<'e> {
    #[serde(skip)]
    status: Status,
    #[serde(skip)]
    cause: Option<&'e AuthError>,
    #[serde(flatten)]
    fields: Fields<'e>,
}

/// The body of an error response.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub(crate) struct Fields<'e> {
    /// The error code, for programs.
    error: &'static str,
    /// The description of the error, for people.
    error_description: &'static str,
    /// The field of the request's body that is missing or has the wrong type.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'e str>,
    // These repeat the challenge for scripts in a browser, which usually cannot read its header.
    /// The scopes that would be enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'e str>,
    /// The maximum age of the sign-in, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_age: Option<u64>,
    /// The acceptable authentication contexts.
    #[serde(skip_serializing_if = "Option::is_none")]
    acr_values: Option<&'e str>,
    /// The clause that failed, for developers: only in the debug profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<&'e str>,
}

impl<'e> ErrorBody<'e> {
    /// Returns the content for an error of this crate. `debug` adds what is for developers only.
    pub(crate) fn of(error: &'e AuthError, debug: bool) -> Self {
        let fields = Fields::new(error.code(), error.description());
        let fields = match error {
            AuthError::MalformedCredentials(MalformedCredentials::WrongForm { field }) => {
                Fields { field: field.as_deref(), ..fields }
            }
            AuthError::InsufficientScope(denied) => {
                Fields { scope: denied.scope(), clause: debug.then(|| denied.clause()), ..fields }
            }
            AuthError::InsufficientUserAuthentication(step_up) => Fields {
                max_age: step_up.max_age().map(|max_age| max_age.as_secs()),
                acr_values: step_up.acr_values(),
                clause: debug.then(|| step_up.clause()),
                ..fields
            },
            _ => fields,
        };
        Self { status: error.status(), cause: Some(error), fields }
    }

    /// Returns the content for an error that is not of this crate.
    pub(crate) fn generic(status: Status) -> Self {
        let (error, error_description) = match status.code {
            400 => ("invalid_request", "The request is malformed."),
            401 => ("unauthorized", "Credentials are required."),
            403 => ("forbidden", "This is not permitted."),
            413 => ("invalid_request", "The body is too long."),
            422 => ("invalid_request", "The request does not match the expected schema."),
            429 => ("too_many_requests", "Too many requests. Try again later."),
            503 => ("temporarily_unavailable", "Try again in a moment."),
            _ => ("server_error", "Internal server error."),
        };
        Self { status, cause: None, fields: Fields::new(error, error_description) }
    }

    /// Returns the status of the response.
    pub fn status(&self) -> Status {
        self.status
    }

    /// Returns the error, or `None` if the request failed for a reason that this crate does not know, such as a body that
    /// Rocket could not parse.
    pub fn error(&self) -> Option<&'e AuthError> {
        self.cause
    }

    /// Returns the error code, for programs.
    pub fn code(&self) -> &'static str {
        self.fields.error
    }

    /// Returns the description, for people.
    pub fn description(&self) -> &'static str {
        self.fields.error_description
    }
}

impl Fields<'_> {
    fn new(error: &'static str, error_description: &'static str) -> Self {
        Self {
            error,
            error_description,
            field: None,
            scope: None,
            max_age: None,
            acr_values: None,
            clause: None,
        }
    }
}

/// Returns whether responses contain what is for developers only.
pub(super) fn is_debug(request: &Request<'_>) -> bool {
    request.rocket().config().profile == rocket::Config::DEBUG_PROFILE
}

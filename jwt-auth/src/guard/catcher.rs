//! Error responses as JSON.

use rocket::http::{Header, Status};
use rocket::response::{self, Responder, Response};
use rocket::serde::json::Json;
use rocket::{Catcher, Config, Request, catcher};
use serde::Serialize;

use super::challenge::challenge;
use super::state::RequestState;
use crate::error::{AuthError, Chain, MalformedCredentials, log_error};

/// Returns catchers that respond with JSON, `{"error": …, "error_description": …}`, for every status that the guards
/// fail with: 400, 401, 403, 413, 422, 500 and 503. If a body does not match, the response also names the `field`. If a
/// policy is not met, it contains the required `scope`, or `max_age` and `acr_values`, and in the debug profile the `clause`
/// that failed. Register the catchers at the base of the protected routes:
///
/// ```
/// rocket::build().register("/", jwt_auth::catchers());
/// ```
///
/// There is none for the 404 of a route with `or_not_found`, which must look like every other 404 of the app.
///
/// The app may use its own catchers instead, because the `WWW-Authenticate` header does not depend on these. Rocket
/// allows only one catcher for each status and path. To replace the one for 422, register
/// `jwt_auth::catchers().into_iter().filter(|catcher| catcher.code != Some(422)).collect::<Vec<_>>()`.
pub fn catchers() -> Vec<Catcher> {
    [400, 401, 403, 413, 422, 500, 503].map(|code| Catcher::new(code, catch)).into()
}

fn catch<'r>(status: Status, request: &'r Request<'_>) -> catcher::BoxFuture<'r> {
    let response = match &RequestState::of(request).failure(status) {
        Some(error) => Body::of(error, is_debug(request)).respond_to(request),
        None => generic(status).respond_to(request),
    };
    let response = response.map(|mut response| {
        response.set_status(status);
        response
    });
    Box::pin(async move { response })
}

/// Returns the body for an error that is not from this crate.
fn generic(status: Status) -> Body<'static> {
    let (error, description) = match status.code {
        400 => ("invalid_request", "The request is malformed."),
        401 => ("unauthorized", "Credentials are required."),
        403 => ("forbidden", "This is not permitted."),
        413 => ("invalid_request", "The body is too long."),
        422 => ("invalid_request", "The request does not match the expected schema."),
        503 => ("temporarily_unavailable", "Try again in a moment."),
        _ => ("server_error", "Internal server error."),
    };
    Body::new(error, description)
}

/// The body of an error response.
#[derive(Serialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub(crate) struct Body<'e> {
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

impl<'e> Body<'e> {
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

    /// `debug` adds what is for developers only.
    pub(crate) fn of(error: &'e AuthError, debug: bool) -> Self {
        let body = Self::new(error.code(), error.description());
        match error {
            AuthError::MalformedCredentials(MalformedCredentials::WrongForm { field }) => {
                Self { field: field.as_deref(), ..body }
            }
            AuthError::InsufficientScope(denied) => {
                Self { scope: denied.scope(), clause: debug.then(|| denied.clause()), ..body }
            }
            AuthError::InsufficientUserAuthentication(step_up) => Self {
                max_age: step_up.max_age().map(|max_age| max_age.as_secs()),
                acr_values: step_up.acr_values(),
                clause: debug.then(|| step_up.clause()),
                ..body
            },
            _ => body,
        }
    }

    fn respond_to(&self, request: &Request<'_>) -> response::Result<'static> {
        Json(self).respond_to(request)
    }
}

fn is_debug(request: &Request<'_>) -> bool {
    request.rocket().config().profile == Config::DEBUG_PROFILE
}

impl<'r> Responder<'r, 'static> for AuthError {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        match self.status() {
            status if status.class().is_server_error() => {
                let path = request.uri().path().as_str().escape_debug();
                match &self {
                    Self::TemporarilyUnavailable(_) => log_error(path, &self),
                    _ => log::error!("jwt-auth: {path}: {}", Chain(&self)),
                }
            }
            _ => log::info!("jwt-auth: {}", Chain(&self)),
        }
        let mut response: Response<'_> = Body::of(&self, is_debug(request)).respond_to(request)?;
        response.set_status(self.status());
        // RFC 6749, section 5.2.
        response.set_header(Header::new("Cache-Control", "no-store"));
        challenge(request, &mut response, &self);
        Ok(response)
    }
}

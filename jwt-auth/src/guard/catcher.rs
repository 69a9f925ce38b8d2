//! Refusals as JSON.

use rocket::http::{Header, Status};
use rocket::response::{self, Responder, Response};
use rocket::serde::json::Json;
use rocket::{Catcher, Config, Request, catcher};
use serde::Serialize;

use super::challenge::challenge;
use super::trace::failure;
use crate::error::AuthError;

/// Catchers that answer in JSON, `{"error": …, "error_description": …}`, for the statuses that the guards fail
/// with: 400, 401, 403, 413, 422, 500 and 503, whoever fails with them. A policy that was not met adds the
/// `scope` that it asks for, or `max_age` and `acr_values`, and, in the debug profile alone, the `clause` that
/// failed. To be registered where the protected routes are:
///
/// ```
/// rocket::build().register("/", jwt_auth::catchers());
/// ```
///
/// An app's own catchers do as well: the `WWW-Authenticate` header does not depend on these. Of one status there can
/// be one catcher at a place: to have one's own for 422 as well, register
/// `jwt_auth::catchers().into_iter().filter(|catcher| catcher.code != Some(422)).collect::<Vec<_>>()`.
pub fn catchers() -> Vec<Catcher> {
    [400, 401, 403, 413, 422, 500, 503].map(|code| Catcher::new(code, catch)).into()
}

fn catch<'r>(status: Status, request: &'r Request<'_>) -> catcher::BoxFuture<'r> {
    let response = match &failure(request, status) {
        Some(error) => Body::of(error, is_debug(request)).respond_to(request),
        None => generic(status).respond_to(request),
    };
    let response = response.map(|mut response| {
        response.set_status(status);
        response
    });
    Box::pin(async move { response })
}

/// The body for an error that is not of this crate.
fn generic(status: Status) -> Body<'static> {
    let (error, description) = match status.code {
        400 => ("invalid_request", "The request cannot be read."),
        401 => ("unauthorized", "Credentials are needed."),
        403 => ("forbidden", "This is not permitted."),
        413 => ("invalid_request", "The body is too long."),
        422 => ("invalid_request", "The request is not of the form that is asked for."),
        503 => ("temporarily_unavailable", "Try again in a moment."),
        _ => ("server_error", "The server is at fault."),
    };
    Body::new(error, description)
}

/// The body of a refusal.
#[derive(Serialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub(crate) struct Body<'e> {
    /// What is wrong, for programs.
    error: &'static str,
    /// What is wrong, for people.
    error_description: &'static str,
    // What the challenge says as well, for scripts in a browser that cannot read headers.
    /// The scopes that would be enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'e str>,
    /// How many seconds ago the user may have signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_age: Option<u64>,
    /// The ways of signing in of which one is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    acr_values: Option<&'e str>,
    /// The clause that failed, for developers: in the debug profile alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<&'e str>,
}

impl<'e> Body<'e> {
    fn new(error: &'static str, error_description: &'static str) -> Self {
        Self { error, error_description, scope: None, max_age: None, acr_values: None, clause: None }
    }

    /// `debug` says that it is for developers.
    pub(crate) fn of(error: &'e AuthError, debug: bool) -> Self {
        let body = Self::new(error.code(), error.description());
        match error {
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
                log::error!("jwt-auth: {}: {self:?}", request.uri().path().as_str().escape_debug())
            }
            _ => log::info!("jwt-auth: {self:?}"),
        }
        let mut response: Response<'_> = Body::of(&self, is_debug(request)).respond_to(request)?;
        response.set_status(self.status());
        // RFC 6749, section 5.2.
        response.set_header(Header::new("Cache-Control", "no-store"));
        challenge(request, &mut response, &self);
        Ok(response)
    }
}

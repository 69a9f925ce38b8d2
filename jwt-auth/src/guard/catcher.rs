//! Error responses: as JSON, as problem details, or in a format of the app.

use std::sync::Arc;

use rocket::http::{ContentType, Header, Status};
use rocket::response::{self, Responder, Response};
use rocket::serde::json::{Json, Value, json};
use rocket::{Catcher, Request, async_trait, catcher};

use super::challenge::challenge;
use super::error_body::{ErrorBody, is_debug};
use super::state::RequestState;
use crate::error::AuthError;

/// The statuses that the guards fail with.
const STATUSES: [u16; 7] = [400, 401, 403, 413, 422, 500, 503];

/// The name of the catchers whose format handlers' errors have, too.
const FORMATTED: &str = "jwt_auth::catchers (formatted)";

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
/// The app may use its own catchers instead, because the `WWW-Authenticate` header does not depend on these:
/// [`AuthError::of`] returns the reason. Rocket allows only one catcher for each status and path. To replace the one for
/// 422, register `jwt_auth::catchers().without(422)`.
pub fn catchers() -> Catchers {
    Catchers { format: None, statuses: STATUSES.to_vec() }
}

/// Catchers for the errors of guards. [`catchers`] creates them.
#[derive(Clone)]
#[must_use = "catchers have no effect until they are registered: `rocket::build().register(…)`"]
pub struct Catchers {
    format: Option<Format>,
    statuses: Vec<u16>,
}

type Format = Arc<dyn Fn(&ErrorBody<'_>, &Request<'_>) -> response::Result<'static> + Send + Sync>;

impl Catchers {
    /// Responds with problem details (RFC 9457): `{"type": "about:blank", "title", "status", "detail"}`, and `error` and
    /// the other members of the JSON as extensions. This includes the errors that handlers return.
    ///
    /// ```
    /// rocket::build().register("/", jwt_auth::catchers().problem_details());
    /// ```
    pub fn problem_details(self) -> Self {
        self.format(|body, _| (ContentType::new("application", "problem+json"), Json(problem(body))))
    }

    /// Responds in the app's own format. This includes the errors that handlers return. The status and the headers, such as
    /// `WWW-Authenticate`, are set afterward.
    ///
    /// ```
    /// use rocket::serde::json::{Json, json};
    ///
    /// let catchers = jwt_auth::catchers().format(|error, request| {
    ///     Json(json!({ "message": error.description(), "path": request.uri().path().as_str() }))
    /// });
    /// rocket::build().register("/", catchers);
    /// ```
    pub fn format<R>(
        mut self,
        format: impl Fn(&ErrorBody<'_>, &Request<'_>) -> R + Send + Sync + 'static,
    ) -> Self
    where
        R: for<'r> Responder<'r, 'static>,
    {
        self.format = Some(Arc::new(move |body, request| format(body, request).respond_to(request)));
        self
    }

    /// Leaves out the catcher for a status, for which the app has its own.
    pub fn without(mut self, status: u16) -> Self {
        self.statuses.retain(|code| *code != status);
        self
    }
}

impl From<Catchers> for Vec<Catcher> {
    fn from(catchers: Catchers) -> Self {
        let Catchers { format, statuses } = catchers;
        let catcher = |code| {
            let mut catcher = Catcher::new(code, Handler { format: format.clone() });
            if format.is_some() {
                catcher.name = Some(FORMATTED.into());
            }
            catcher
        };
        statuses.into_iter().map(catcher).collect()
    }
}

#[derive(Clone)]
struct Handler {
    format: Option<Format>,
}

#[async_trait]
impl catcher::Handler for Handler {
    async fn handle<'r>(&self, status: Status, request: &'r Request<'_>) -> catcher::Result<'r> {
        let failure = RequestState::of(request).failure(status);
        let body = match &failure {
            Some(error) => ErrorBody::of(error, is_debug(request)),
            None => ErrorBody::generic(status),
        };
        let mut response = match &self.format {
            Some(format) => format(&body, request)?,
            None => Json(&body).respond_to(request)?,
        };
        response.set_status(status);
        if failure.is_some() {
            set_no_store(&mut response);
        }
        Ok(response)
    }
}

/// Returns problem details (RFC 9457, section 3). The type `about:blank` means that the title is that of the status.
fn problem(body: &ErrorBody<'_>) -> Value {
    let mut problem = json!(body);
    problem["type"] = json!("about:blank");
    problem["title"] = json!(body.status().reason_lossy());
    problem["status"] = json!(body.status().code);
    problem["detail"] = problem["error_description"].take();
    if let Some(members) = problem.as_object_mut() {
        members.remove("error_description");
    }
    problem
}

/// Returns the catcher with a format for this status of a request, which formats handlers' errors, too.
fn formatted<'r>(request: &'r Request<'_>, status: Status) -> Option<&'r Catcher> {
    let covers = |catcher: &Catcher| {
        let mut path = request.uri().path().segments();
        catcher.base.path().segments().all(|segment| path.next() == Some(segment))
    };
    let mut catchers = request.rocket().catchers().filter(|catcher| covers(catcher));
    catchers.find(|catcher| catcher.code == Some(status.code) && catcher.name.as_deref() == Some(FORMATTED))
}

/// Returns the response to an error outside of a handler.
pub(super) async fn response_to<'r>(request: &'r Request<'_>, error: AuthError) -> Response<'r> {
    let status = error.status();
    let response = match formatted(request, status) {
        Some(catcher) => {
            RequestState::of(request).set_failure(&error);
            catcher.handler.handle(status, request).await
        }
        None => error.respond_to(request),
    };
    response.unwrap_or_else(|status| Response::build().status(status).finalize())
}

/// RFC 6749, section 5.2.
fn set_no_store(response: &mut Response<'_>) {
    response.set_header(Header::new("Cache-Control", "no-store"));
}

impl<'r> Responder<'r, 'static> for AuthError {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        RequestState::of(request).set_failure(&self);
        if formatted(request, self.status()).is_some() {
            return Err(self.status());
        }
        let mut response = Json(ErrorBody::of(&self, is_debug(request))).respond_to(request)?;
        response.set_status(self.status());
        set_no_store(&mut response);
        challenge(request, &mut response, &self);
        Ok(response)
    }
}

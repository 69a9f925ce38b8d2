//! Error responses: as JSON, as problem details, or in a format of the app.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

use rocket::http::{ContentType, Header, Status};
use rocket::response::{self, Responder, Response};
use rocket::serde::json::{Json, Value, json};
use rocket::{Catcher, Request, async_trait, catcher};

use super::challenge::challenge;
use super::error_body::{ErrorBody, is_debug};
use super::state::RequestState;
use crate::error::AuthError;

/// The statuses that the guards fail with.
const STATUSES: [u16; 8] = [400, 401, 403, 413, 422, 429, 500, 503];

/// The formats, by the names of their catchers. A catcher has no room for data other than a name, and handlers' errors have
/// the format of the catchers, too.
static FORMATS: LazyLock<Mutex<HashMap<String, Weak<FormatFn>>>> = LazyLock::new(Mutex::default);

/// Returns catchers that respond with JSON, `{"error": …, "error_description": …}`, for every status that the guards
/// fail with: 400, 401, 403, 413, 422, 429, 500 and 503. If a body does not match, the response also names the `field`. If a
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

type FormatFn = dyn Fn(&ErrorBody<'_>, &Request<'_>) -> response::Result<'static> + Send + Sync;

type Format = Arc<FormatFn>;

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
        let name = format.as_ref().map(register);
        let catcher = |code| {
            let mut catcher = Catcher::new(code, Handler { format: format.clone() });
            catcher.name = name.clone().map(Into::into);
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
        let mut response = respond(&body, self.format.as_ref(), request)?;
        if failure.is_some() {
            set_no_store(&mut response);
        }
        Ok(response)
    }
}

/// Responds in this format, or with JSON.
fn respond(
    body: &ErrorBody<'_>,
    format: Option<&Format>,
    request: &Request<'_>,
) -> response::Result<'static> {
    let mut response = match format {
        Some(format) => format(body, request)?,
        None => Json(body).respond_to(request)?,
    };
    response.set_status(body.status());
    Ok(response)
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

/// Registers a format under a name of its own, and drops those whose catchers no longer exist.
fn register(format: &Format) -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(1);

    let name = format!("jwt_auth::catchers, format {}", COUNT.fetch_add(1, Ordering::Relaxed));
    let mut formats = FORMATS.lock().unwrap_or_else(PoisonError::into_inner);
    formats.retain(|_, format| format.strong_count() > 0);
    formats.insert(name.clone(), Arc::downgrade(format));
    name
}

/// Returns the format of the catcher for this status of a request.
fn format_of(request: &Request<'_>, status: Status) -> Option<Format> {
    let covers = |catcher: &&Catcher| {
        let mut path = request.uri().path().segments();
        catcher.base.path().segments().all(|segment| path.next() == Some(segment))
    };
    let catchers = request.rocket().catchers().filter(|catcher| catcher.code == Some(status.code));
    // As Rocket chooses.
    let catcher = catchers.filter(covers).max_by_key(|catcher| catcher.base.path().segments().count())?;
    FORMATS.lock().unwrap_or_else(PoisonError::into_inner).get(catcher.name.as_deref()?)?.upgrade()
}

/// RFC 6749, section 5.2.
fn set_no_store(response: &mut Response<'_>) {
    response.set_header(Header::new("Cache-Control", "no-store"));
}

impl<'r> Responder<'r, 'static> for AuthError {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let state = RequestState::of(request);
        state.set_failure(&self);
        state.set_final();
        let body = ErrorBody::of(&self, is_debug(request));
        let mut response = respond(&body, format_of(request, self.status()).as_ref(), request)?;
        set_no_store(&mut response);
        challenge(request, &mut response, &self);
        Ok(response)
    }
}

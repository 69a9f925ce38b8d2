//! What the guards of a request leave for its response, whichever catcher makes it: Rocket drops a guard's error
//! before any catcher runs.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rocket::http::Status;
use rocket::{Request, Response};

use super::challenge::challenge;
use super::vary::vary;
use crate::error::AuthError;

#[derive(Default)]
struct Trace {
    looked: AtomicBool,
    failure: Mutex<Option<AuthError>>,
}

impl Trace {
    fn of<'r>(request: &'r Request<'_>) -> &'r Self {
        request.local_cache(Self::default)
    }

    fn failure(&self) -> MutexGuard<'_, Option<AuthError>> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failure_with(&self, status: Status) -> Option<AuthError> {
        self.failure().clone().filter(|error| error.status() == status)
    }
}

/// Keeps that a guard looked for a token, whether or not there was one.
pub(super) fn looked(request: &Request<'_>) {
    Trace::of(request).looked.store(true, Ordering::Relaxed);
}

/// Keeps the last error of a request: an earlier guard may have failed on a route that forwarded.
pub(super) fn failed(request: &Request<'_>, error: &AuthError) {
    *Trace::of(request).failure() = Some(error.clone());
}

/// The error of the request, if a guard refused it with this status.
pub(super) fn failure(request: &Request<'_>, status: Status) -> Option<AuthError> {
    Trace::of(request).failure_with(status)
}

/// Puts on the response that leaves what the guards have to say.
pub(crate) fn complete(request: &Request<'_>, response: &mut Response<'_>) {
    let trace = Trace::of(request);
    if let Some(error) = trace.failure_with(response.status()) {
        challenge(request, response, &error);
    }
    if trace.looked.load(Ordering::Relaxed) {
        vary(response);
    }
}

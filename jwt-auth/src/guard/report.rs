//! Reports a rejected request to the observers, once, whichever guard or handler rejected it.

use rocket::Request;
use rocket::http::Status;

use super::state::{Failure, RequestState};
use crate::cookies::Fetch;
use crate::error::AuthError;
use crate::event::{Event, EventRequest, Identity, Observers};

/// Reports why a request was rejected. `status` is that of the response.
pub(super) fn report(request: &Request<'_>, status: Status, state: &RequestState, observers: &Observers) {
    match state.last_failure() {
        Some(failure) if is_reason(&failure, status) => emit(request, &failure, state, observers),
        // Where a token is optional, the request goes on.
        _ => {
            if let Some(error) = state.renewal_error() {
                observers.emit(Event::RenewalFailed { error, request: EventRequest::of(request) });
            }
        }
    }
}

/// Returns whether an error is the reason for a response. A handler that takes a guard in an `Option` goes on without it. The
/// app's own catcher may choose another status.
fn is_reason(failure: &Failure, status: Status) -> bool {
    let expected = if failure.is_hidden { Status::NotFound } else { failure.error.status() };
    status == expected || failure.is_final
}

fn emit(request: &Request<'_>, failure: &Failure, state: &RequestState, observers: &Observers) {
    let (error, rejected) = (&failure.error, EventRequest::of(request));
    let account = || state.account.get().map(String::as_str);
    let denied = |clause, step_up| Event::Denied {
        error,
        clause,
        step_up,
        identity: failure.denied.as_ref().map(Identity::of),
        request: rejected,
    };
    observers.emit(match error {
        AuthError::InvalidCredentials => {
            Event::SignInRefused { error, account: account(), request: rejected }
        }
        AuthError::TooManyAttempts(throttled) => {
            Event::Throttled { throttled, account: account(), request: rejected }
        }
        AuthError::InsufficientScope(denial) => denied(denial.clause(), false),
        AuthError::InsufficientUserAuthentication(step_up) => denied(step_up.clause(), true),
        AuthError::CrossOrigin => {
            let fetch = Fetch::of(request);
            let (sent, names_page) = (&fetch.to_string(), fetch.names_its_page());
            return observers.emit(Event::CrossOrigin { sent, names_page, request: rejected });
        }
        // The refresh has reported it.
        AuthError::InvalidGrant(_) => return,
        _ => Event::Rejected { error, request: rejected },
    });
}

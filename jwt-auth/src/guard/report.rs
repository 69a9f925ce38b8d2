//! Reports a rejected request to the observers, once, whichever guard or handler rejected it.

use rocket::Request;
use rocket::http::{Status, StatusClass};

use super::state::{RequestState, jwt_auth};
use crate::cookies::Fetch;
use crate::error::AuthError;
use crate::event::{Event, EventRequest, Identity};

/// Reports why a request was rejected. `status` is that of the response, which the app's own catcher may have chosen. A
/// handler that goes on after a guard failed, because it takes the guard in an `Option`, has not rejected the request.
pub(super) fn report(request: &Request<'_>, status: Status) {
    if !matches!(
        status.class(),
        StatusClass::Redirection | StatusClass::ClientError | StatusClass::ServerError
    ) {
        return;
    }
    let state = RequestState::of(request);
    let (Ok(auth), Some(failure)) = (jwt_auth(request), state.last_failure()) else { return };
    let (error, rejected) = (&failure.error, EventRequest::of(request));
    let denied = |clause, step_up| Event::Denied {
        clause,
        step_up,
        identity: failure.denied.as_ref().map(Identity::of),
        request: rejected,
    };
    auth.observers().emit(match error {
        AuthError::InvalidCredentials => Event::SignInRefused {
            error,
            account: state.account.get().map(String::as_str),
            request: rejected,
        },
        AuthError::InsufficientScope(denial) => denied(denial.clause(), false),
        AuthError::InsufficientUserAuthentication(step_up) => denied(step_up.clause(), true),
        AuthError::CrossOrigin => {
            let fetch = Fetch::of(request);
            let (sent, names_page) = (&fetch.to_string(), fetch.names_its_page());
            return auth.observers().emit(Event::CrossOrigin { sent, names_page, request: rejected });
        }
        // The refresh has reported it.
        AuthError::InvalidGrant(_) => return,
        _ => Event::Rejected { error, request: rejected },
    });
}

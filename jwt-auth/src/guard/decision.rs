//! How a request was decided about, remembered for an audit.

use std::sync::{Mutex, PoisonError};

use rocket::Request;

use crate::error::AuthError;
use crate::policy::Stop;

/// What a policy said to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// It is met.
    Met,
    /// The token is good, and the policy is not met.
    Denied,
    /// The token is not good for this route, or is not there.
    Unauthenticated,
    /// It hangs on a condition that has no answer.
    Unanswered,
}

#[derive(Default)]
struct Last(Mutex<Option<(Decision, String)>>);

/// Managed by apps that are audited.
pub(crate) struct Audited;

/// Keeps the decision of the route that is asked now. Whether nothing else is wanted of the request: an audit
/// calls no handlers, whose deeds could change what the next policy says.
pub(super) fn is_all<T>(request: &Request<'_>, decided: &Result<T, Stop>) -> bool {
    if request.rocket().state::<Audited>().is_none() {
        return false;
    }
    let decision = match decided {
        Ok(_) => Decision::Met,
        Err(Stop::Refuse(AuthError::InsufficientScope(_) | AuthError::InsufficientUserAuthentication(_))) => {
            Decision::Denied
        }
        Err(Stop::Refuse(_)) => Decision::Unauthenticated,
        Err(Stop::Guard(..) | Stop::Forward(_)) => Decision::Unanswered,
    };
    let route = request.route().map(|route| format!("{} {}", route.method, route.uri)).unwrap_or_default();
    *last_of(request).lock().unwrap_or_else(PoisonError::into_inner) = Some((decision, route));
    decided.is_ok()
}

/// The last decision about a request, and the route that it was made for; none, if no policy was asked.
pub(crate) fn last(request: &Request<'_>) -> Option<(Decision, String)> {
    last_of(request).lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn last_of<'r>(request: &'r Request<'_>) -> &'r Mutex<Option<(Decision, String)>> {
    &request.local_cache(Last::default).0
}

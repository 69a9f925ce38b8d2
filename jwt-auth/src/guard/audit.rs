//! Support for the access audit: the guard reports its decisions, and no handler behind a policy is called.

use std::sync::{Mutex, PoisonError};

use rocket::Request;
use rocket::http::Status;
use rocket::request::Outcome;

use crate::error::AuthError;
use crate::policy::CheckFailure;

/// The decision of a policy about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The policy is met.
    Met,
    /// The token is valid, but the policy is not met.
    Denied,
    /// The token is valid, but the policy is not met, and the response must not show that.
    Hidden,
    /// The route lets in a caller without a token that counts.
    Anonymous,
    /// The token is absent, or not valid for this route.
    Unauthenticated,
    /// A page of another site must not use the session cookie.
    CrossOrigin,
    /// The decision depends on a condition that failed.
    Undecided,
}

impl Decision {
    /// Returns the status of the response to a rejected caller.
    pub(crate) fn status(self) -> Option<Status> {
        match self {
            Self::Denied | Self::CrossOrigin => Some(Status::Forbidden),
            Self::Unauthenticated => Some(Status::Unauthorized),
            // A redirect would show that the route exists.
            Self::Met | Self::Anonymous | Self::Undecided | Self::Hidden => None,
        }
    }
}

/// The last decision in an audited app, and the route that it was made for. Audited apps keep this in their managed
/// state.
#[derive(Default)]
pub(crate) struct Decisions(Mutex<Option<(Decision, String)>>);

impl Decisions {
    /// Takes the last decision, if there was one since the last call.
    pub(crate) fn take(&self) -> Option<(Decision, String)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn record(&self, decision: Decision, route: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((decision, route));
    }
}

/// Records the decision in an audited app. If the caller is let in, returns an outcome that keeps Rocket from calling
/// the handler, whose effects could change the next decision. Rocket can skip a handler only because of an error.
pub(super) fn intercept<T, U>(
    request: &Request<'_>,
    decided: &Result<Option<T>, CheckFailure>,
    or_not_found: bool,
) -> Option<Outcome<U, AuthError>> {
    let decisions = request.rocket().state::<Decisions>()?;
    let decision = match decided {
        Ok(Some(_)) => Decision::Met,
        Ok(None) => Decision::Anonymous,
        Err(CheckFailure::Reject(AuthError::CrossOrigin)) => Decision::CrossOrigin,
        Err(CheckFailure::Reject(AuthError::InsufficientScope(_))) if or_not_found => Decision::Hidden,
        Err(CheckFailure::Reject(
            AuthError::InsufficientScope(_) | AuthError::InsufficientUserAuthentication(_),
        )) => Decision::Denied,
        Err(CheckFailure::Reject(_)) => Decision::Unauthenticated,
        Err(CheckFailure::Guard(..) | CheckFailure::Forward(_)) => Decision::Undecided,
    };
    let route = request.route().map(|route| format!("{} {}", route.method, route.uri)).unwrap_or_default();
    decisions.record(decision, route);
    matches!(decision, Decision::Met | Decision::Anonymous)
        .then(|| Outcome::Error((Status::NoContent, AuthError::internal("an audit calls no handler"))))
}

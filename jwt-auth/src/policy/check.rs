//! Conditions: decisions by the app's own code, based on the claims, the route's parameters and request guards.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use rocket::http::Status;
use rocket::{Ignite, Request, Rocket, Sentinel};

use crate::error::AuthError;

/// A condition that is required.
pub(super) struct CheckClause<C> {
    pub(super) source: &'static str,
    pub(super) ask: Ask<C>,
    pub(super) abort: Abort,
}

/// A function that evaluates a condition.
pub(super) type Ask<C> = for<'r> fn(&'r C, &'r Request<'_>) -> Evaluation<'r>;

/// The evaluation of a condition, in progress.
pub(super) type Evaluation<'r> = Pin<Box<dyn Future<Output = Result<bool, CheckFailure>> + Send + 'r>>;

/// A function that returns whether the launch must stop because a guard of the condition cannot work.
pub(super) type Abort = fn(&Rocket<Ignite>) -> bool;

/// The reason why a condition cannot be evaluated, and the response of the route if the decision depends on it.
pub enum CheckFailure {
    /// The route forwards, as it does if a parameter of its handler does not parse.
    Forward(Status),
    /// The request is rejected.
    Reject(AuthError),
    /// A guard of the app rejected the request with this status.
    Guard(Status, AuthError),
}

impl From<AuthError> for CheckFailure {
    fn from(error: AuthError) -> Self {
        Self::Reject(error)
    }
}

/// Calls a condition. The arguments come first, so that the compiler knows their types in its body.
pub fn apply<A, R>(arguments: A, condition: impl FnOnce(A) -> R) -> R {
    condition(arguments)
}

/// Looks up whether the launch must stop because of a guard `T`: its `Sentinel` decides, if it has one.
pub struct Sentry<T>(PhantomData<T>);

impl<T: Sentinel> Sentry<T> {
    /// Returns what the sentinel of the guard returns.
    pub fn abort(rocket: &Rocket<Ignite>) -> bool {
        T::abort(rocket)
    }
}

/// The fallback for a type without a sentinel.
pub trait NoSentinel {
    /// Never stops the launch.
    fn abort(_: &Rocket<Ignite>) -> bool {
        false
    }
}

impl<T> NoSentinel for Sentry<T> {}

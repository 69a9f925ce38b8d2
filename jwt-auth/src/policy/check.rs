//! Conditions: what an app decides by code of its own, over the claims, the route's parameters and
//! request guards.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use rocket::http::Status;
use rocket::{Ignite, Request, Rocket, Sentinel};

use crate::error::AuthError;

/// A condition that [`Requirement::Check`](super::Requirement::Check) asks.
pub struct CheckClause<C> {
    pub(super) source: &'static str,
    pub(super) ask: Ask<C>,
    pub(super) abort: Abort,
}

/// Asks a condition.
pub(super) type Ask<C> = for<'r> fn(&'r C, &'r Request<'_>) -> Asked<'r>;

/// An answer on its way.
pub(super) type Asked<'r> = Pin<Box<dyn Future<Output = Result<bool, Stop>> + Send + 'r>>;

/// Whether the launch must stop because a guard of the condition cannot work.
pub(super) type Abort = fn(&Rocket<Ignite>) -> bool;

/// Why a condition has no answer, and what the route answers if that matters.
pub enum Stop {
    /// What Rocket does when a handler's own parameter does not parse, or a guard of its forwards.
    Forward(Status),
    /// The request is refused.
    Refuse(AuthError),
    /// A guard that is not of this crate refused it, with this status.
    Guard(Status, AuthError),
}

impl From<AuthError> for Stop {
    fn from(error: AuthError) -> Self {
        Self::Refuse(error)
    }
}

/// Calls a condition. The arguments come first, so that their types are known in its body.
pub fn apply<A, R>(arguments: A, condition: impl FnOnce(A) -> R) -> R {
    condition(arguments)
}

/// Whether the launch must stop for a `T`: what its `Sentinel` says, if it has one.
pub struct Sentry<T>(PhantomData<T>);

impl<T: Sentinel> Sentry<T> {
    /// What the guard says itself.
    pub fn abort(rocket: &Rocket<Ignite>) -> bool {
        T::abort(rocket)
    }
}

/// Stands in for a guard that says nothing.
pub trait NoSentinel {
    /// It is no reason to stop.
    fn abort(_: &Rocket<Ignite>) -> bool {
        false
    }
}

impl<T> NoSentinel for Sentry<T> {}

//! The guard that `#[require_auth]` makes the first parameter of a route.
//!
//! Its type names only the route. The policy and the claims may be private, although the route is public. The code for
//! the type of one route is small, because an app has many routes: everything else is compiled once for each claims
//! type.

use std::any::type_name;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use rocket::request::{FromRequest, Outcome, Request};
use rocket::{Ignite, Rocket, Sentinel, async_trait};

use super::authorized::{abort, authorize};
use super::maybe::MaybeAuth;
use super::state::RequestState;
use crate::auth::{AnyAuth, Auth};
use crate::claims::Claims;
use crate::error::AuthError;
#[cfg(feature = "utoipa")]
use crate::policy::Operation;
use crate::policy::{Access, RoutePolicy, Rules, registry};

/// Proof that the bearer of a request meets the policy of the route `R`.
pub struct RouteGuard<R> {
    permit: Permit,
    route: PhantomData<fn() -> R>,
}

/// The `Auth` of a caller whom a policy let in, if the handler takes it.
struct Permit(Option<AnyAuth>);

/// A route with a policy.
pub trait GuardedRoute: 'static {
    /// What the guard does.
    const GUARDING: Guarding;

    /// Returns the OpenAPI operation of the route, if it has one.
    #[cfg(feature = "utoipa")]
    fn operation() -> Option<Operation> {
        None
    }
}

/// What the guard of a route does.
pub struct Guarding {
    rules: &'static dyn AnyRules,
    /// Whether the handler takes the claims from the guard.
    takes_auth: bool,
}

impl Guarding {
    fn decide<'a>(&self, request: &'a Request<'_>) -> Decision<'a> {
        self.rules.decide(request, self.takes_auth)
    }
}

#[diagnostic::do_not_recommend]
impl<R: GuardedRoute> RoutePolicy for R {
    fn access() -> Access {
        R::GUARDING.rules.access()
    }

    #[cfg(feature = "utoipa")]
    fn operation() -> Option<Operation> {
        <R as GuardedRoute>::operation()
    }
}

/// The policy of a route, with claims of any type.
#[async_trait]
trait AnyRules: Sync {
    /// Decides whether the bearer of a request meets the policy.
    async fn decide(&self, request: &Request<'_>, takes_auth: bool) -> Outcome<Permit, AuthError>;

    /// Returns whether the launch must stop because the policy cannot be decided. `guard` is the name of the guard.
    fn abort(&self, guard: &'static str, rocket: &Rocket<Ignite>) -> bool;

    /// Returns the access rule of a route with the policy.
    fn access(&self) -> Access;
}

/// Decides these rules.
pub const fn decides<C: Claims>(rules: &'static Rules<C>) -> Guarding {
    Guarding { rules, takes_auth: false }
}

/// Decides these rules, and keeps the claims for the parameter of type `T`.
pub const fn decides_for<T: SameAs<Auth<C>>, C: Claims>(rules: &'static Rules<C>) -> Guarding {
    Guarding { rules, takes_auth: true }
}

/// Decides these optional rules, and keeps the claims for the parameter of type `T`.
pub const fn decides_for_maybe<T: SameAs<MaybeAuth<C>>, C: Claims>(rules: &'static Rules<C>) -> Guarding {
    Guarding { rules, takes_auth: true }
}

/// The type of a parameter that takes the claims of a policy: the same text can mean another type.
#[diagnostic::on_unimplemented(
    message = "this parameter is not the `{Taken}` that `#[require_auth]` provides",
    label = "another type with the same name",
    note = "rename the import of the other type, as in `use other::Auth as OtherAuth`"
)]
pub trait SameAs<Taken> {}

#[diagnostic::do_not_recommend]
impl<T> SameAs<T> for T {}

#[async_trait]
impl<C: Claims> AnyRules for Rules<C> {
    async fn decide(&self, request: &Request<'_>, takes_auth: bool) -> Outcome<Permit, AuthError> {
        let outcome = authorize(request, self).await;
        if outcome.is_error() {
            RequestState::of(request).set_final();
        }
        outcome.map(|auth| Permit(auth.filter(|_| takes_auth).cloned()))
    }

    fn abort(&self, guard: &'static str, rocket: &Rocket<Ignite>) -> bool {
        abort(guard, self, rocket)
    }

    fn access(&self) -> Access {
        Access::from(self)
    }
}

/// The decision about a request, in progress.
type Decision<'a> = Pin<Box<dyn Future<Output = Outcome<Permit, AuthError>> + Send + 'a>>;

/// The decision about a request to the route `R`, in progress.
struct Authorization<'a, R> {
    decision: Decision<'a>,
    route: PhantomData<fn() -> R>,
}

impl<R> Future for Authorization<'_, R> {
    type Output = Outcome<RouteGuard<R>, AuthError>;

    // Combinators would be compiled again for each route.
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let outcome = match self.decision.as_mut().poll(context) {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => return Poll::Pending,
        };
        Poll::Ready(match outcome {
            Outcome::Success(permit) => Outcome::Success(RouteGuard { permit, route: PhantomData }),
            Outcome::Error(error) => Outcome::Error(error),
            Outcome::Forward(status) => Outcome::Forward(status),
        })
    }
}

impl<'r, R: GuardedRoute> FromRequest<'r> for RouteGuard<R> {
    type Error = AuthError;

    // Written as `async_trait` expands it, because this is already such a future.
    fn from_request<'l, 'a>(
        request: &'r Request<'l>,
    ) -> Pin<Box<dyn Future<Output = Outcome<Self, AuthError>> + Send + 'a>>
    where
        'r: 'a,
        'l: 'a,
    {
        let decision = const { &R::GUARDING }.decide(request);
        Box::pin(Authorization { decision, route: PhantomData })
    }
}

/// Shows no claims: `#[tracing::instrument]` records the parameters of a handler.
impl<R> fmt::Debug for RouteGuard<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RouteGuard")
    }
}

impl<R: GuardedRoute> Sentinel for RouteGuard<R> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        registry::record_guarded(type_name::<R>());
        R::GUARDING.rules.abort(type_name::<Self>(), rocket)
    }
}

/// Returns the claims that met the policy of a route, for a handler that takes them.
pub fn auth<C: Claims, R>(guard: RouteGuard<R>) -> Auth<C> {
    guard.permit.into_required()
}

/// Returns the claims of a caller whom an optional policy let in, for a handler that takes them.
pub fn maybe_auth<C: Claims, R>(guard: RouteGuard<R>) -> MaybeAuth<C> {
    MaybeAuth::new(guard.permit.into_auth())
}

impl Permit {
    fn into_required<C: Claims>(self) -> Auth<C> {
        self.into_auth().expect("a policy that is not optional lets no caller in without a token")
    }

    fn into_auth<C: Claims>(self) -> Option<Auth<C>> {
        self.0.map(AnyAuth::typed)
    }
}

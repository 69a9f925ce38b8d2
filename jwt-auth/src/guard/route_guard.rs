//! The guard that `#[require_auth]` makes the first parameter of a route.
//!
//! Its type names only the route. The policy and the claims may be private, although the route is public.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;

use rocket::request::{FromRequest, Outcome, Request};
use rocket::{Ignite, Rocket, Sentinel};

use super::authorized::{Authorized, Rules, authorize, rules};
use super::maybe::MaybeAuth;
use super::state::RequestState;
use crate::auth::Auth;
use crate::claims::Claims;
use crate::error::AuthError;
use crate::policy::{Policy, registry};

/// Proof that the bearer of a request meets the policy of the route `R`.
pub struct RouteGuard<R> {
    /// The `Auth` of the caller, if the handler takes it.
    auth: Option<Box<dyn Any + Send + Sync>>,
    route: PhantomData<fn() -> R>,
}

/// The decision about a request.
pub type Authorization<'a, R> = Pin<Box<dyn Future<Output = Outcome<RouteGuard<R>, AuthError>> + Send + 'a>>;

/// A route with a policy.
pub trait GuardedRoute: Sized {
    /// Decides whether the bearer of a request meets the policy.
    fn authorize<'r: 'a, 'l: 'a, 'a>(request: &'r Request<'l>) -> Authorization<'a, Self>;

    /// Returns whether the launch must stop because the policy cannot be decided.
    fn abort(rocket: &Rocket<Ignite>) -> bool;
}

impl<'r, R: GuardedRoute> FromRequest<'r> for RouteGuard<R> {
    type Error = AuthError;

    // Written as `async_trait` expands it, because the route already returns such a future.
    fn from_request<'l, 'a>(request: &'r Request<'l>) -> Authorization<'a, R>
    where
        'r: 'a,
        'l: 'a,
    {
        R::authorize(request)
    }
}

/// Shows no claims: `#[tracing::instrument]` records the parameters of a handler.
impl<R> fmt::Debug for RouteGuard<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RouteGuard")
    }
}

impl<R: GuardedRoute + 'static> Sentinel for RouteGuard<R> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        registry::record_guarded::<R>();
        R::abort(rocket)
    }
}

async fn decide<C: Claims>(request: &Request<'_>, rules: Rules<C>) -> Outcome<Option<Auth<C>>, AuthError> {
    let outcome = authorize(request, rules).await;
    if outcome.is_error() {
        RequestState::of(request).set_final();
    }
    outcome
}

/// Decides the policy of a route whose handler does not take the claims from it.
pub fn authorize_route<'r: 'a, 'l: 'a, 'a, P: Policy, R>(request: &'r Request<'l>) -> Authorization<'a, R> {
    Box::pin(async move {
        let outcome = decide(request, rules::<P>()).await;
        outcome.map(|_| RouteGuard { auth: None, route: PhantomData })
    })
}

/// Decides the policy of a route whose handler takes the claims from it.
pub fn authorize_claims<'r: 'a, 'l: 'a, 'a, P: Policy, R>(request: &'r Request<'l>) -> Authorization<'a, R> {
    Box::pin(async move {
        let outcome = decide(request, rules::<P>()).await;
        outcome.map(|auth| RouteGuard {
            auth: auth.map(|auth| Box::new(auth) as Box<dyn Any + Send + Sync>),
            route: PhantomData,
        })
    })
}

/// Returns whether the launch must stop because the policy cannot be decided.
pub fn abort_route<P: Policy>(rocket: &Rocket<Ignite>) -> bool {
    Authorized::<P>::abort(rocket)
}

/// Returns the claims that met the policy of a route, for a handler that takes them.
pub fn auth<C: Claims, R>(guard: RouteGuard<R>) -> Auth<C> {
    guard.into_auth().expect("a policy that is not optional lets no caller in without a token")
}

/// Returns the claims of a caller whom an optional policy let in, for a handler that takes them.
pub fn maybe_auth<C: Claims, R>(guard: RouteGuard<R>) -> MaybeAuth<C> {
    MaybeAuth::new(guard.into_auth())
}

impl<R> RouteGuard<R> {
    fn into_auth<C: Claims>(self) -> Option<Auth<C>> {
        let auth = self.auth?.downcast().expect("generated code asserts that the policy has these claims");
        Some(*auth)
    }
}

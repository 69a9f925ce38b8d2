//! The state of a request: the results of its guards, for other guards and for the response.
//!
//! Rocket drops a guard's error before any catcher runs, so it is kept here.

use std::any::TypeId;
use std::marker::PhantomData;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rocket::http::Status;
use rocket::request::Outcome;
use rocket::tokio::sync::OnceCell;
use rocket::{Request, Route};

use super::outgoing::Outgoing;
use crate::auth::{AnyAuth, Source};
use crate::claims::Claims;
use crate::error::AuthError;
use crate::jwt_auth::JwtAuth;
use crate::owner::Owner;
use crate::verify::CacheEntry;

/// The state of a request.
#[derive(Default)]
pub(super) struct RequestState {
    /// Whether a guard read the token, or found that there is none.
    pub(super) token_read: Flag,
    /// Whether a guard looked for a cookie.
    pub(super) cookie_read: Flag,
    /// Whether a cookie authenticated the caller.
    pub(super) cookie_accepted: Flag,
    /// Whether a prefetch was not renewed, although another request would be.
    pub(super) renewal_skipped: Flag,
    /// The rules of the last route with rules of its own.
    rules: Mutex<Option<RouteRules>>,
    header: TokenState,
    cookie: TokenState,
    /// The pair that replaces an expired access token, if the request renewed it.
    renewal: OnceCell<Result<Option<Renewed>, AuthError>>,
    outgoing: Mutex<Option<Outgoing>>,
    failure: Mutex<Option<Failure>>,
    /// The name of the account that the client signs in to.
    pub(super) account: OnceLock<String>,
    /// Whether the network of the client may attempt to sign in.
    pub(super) admitted: OnceLock<Result<(), AuthError>>,
}

/// The error that rejects a request.
#[derive(Clone)]
pub(super) struct Failure {
    pub(super) error: AuthError,
    /// The caller whom a policy denied, if this app issued the token.
    pub(super) denied: Option<Owner>,
    /// Whether the response must not show it.
    pub(super) is_hidden: bool,
    /// Whether it certainly rejects the request. A handler can go on without a guard that it takes in an `Option`.
    pub(super) is_final: bool,
}

/// A fact that stays true once it is.
#[derive(Default)]
pub(super) struct Flag(AtomicBool);

/// What a route says about the tokens that it accepts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RouteRules {
    /// The only source that counts.
    pub(super) source: Option<Source>,
    /// Whether pages of other sites may use the browser's cookies.
    pub(super) cross_origin: bool,
    /// The address of the route, since a request may be forwarded to another one.
    route: usize,
}

/// What is known about the token of one source.
#[derive(Default)]
pub(super) struct TokenState {
    /// What is known about the token.
    entry: OnceLock<Arc<CacheEntry>>,
    /// The claims type that was requested first.
    first: OnceLock<TypeId>,
    /// The claims as that type.
    claims: OnceLock<Authentication>,
    /// The store's answer about the session.
    session: OnceCell<Result<(), AuthError>>,
}

/// A new access token.
pub(super) struct Renewed {
    pub(super) token: String,
    pub(super) entry: Arc<CacheEntry>,
}

/// Verified claims, or the reason why there are none.
pub(super) type Authentication = Result<AnyAuth, AuthError>;

impl RequestState {
    pub(super) fn of<'r>(request: &'r Request<'_>) -> &'r Self {
        request.local_cache(Self::default)
    }

    pub(super) fn token(&self, source: Source) -> &TokenState {
        match source {
            Source::Header => &self.header,
            Source::Cookie => &self.cookie,
        }
    }

    /// Records the rules of the route that the request has come to.
    pub(super) fn set_rules(&self, request: &Request<'_>, source: Option<Source>, cross_origin: bool) {
        *lock(&self.rules) = Some(RouteRules { source, cross_origin, route: address(request.route()) });
    }

    /// Returns the rules of the route that the request has come to.
    pub(super) fn rules(&self, request: &Request<'_>) -> RouteRules {
        let route = address(request.route());
        lock(&self.rules).filter(|rules| rules.route == route).unwrap_or_default()
    }

    /// Returns the new access token, if there is one. `renew` is called once.
    pub(super) async fn renew(
        &self,
        renew: impl Future<Output = Result<Option<Renewed>, AuthError>>,
    ) -> Result<Option<&Renewed>, AuthError> {
        self.renewal.get_or_init(|| renew).await.as_ref().map(Option::as_ref).map_err(AuthError::clone)
    }

    /// Returns the new access token, if the request has renewed it.
    pub(super) fn renewed(&self) -> Option<&Renewed> {
        self.renewal.get()?.as_ref().ok()?.as_ref()
    }

    /// Records what the response of a handler does to the cookies.
    pub(super) fn set_outgoing(&self, outgoing: Outgoing) {
        *lock(&self.outgoing) = Some(outgoing);
    }

    /// Records what a guard does to the cookies, unless a handler has decided that: a catcher may have guards, too.
    pub(super) fn offer_outgoing(&self, offered: Outgoing) {
        let mut outgoing = lock(&self.outgoing);
        if !matches!(*outgoing, Some(Outgoing::SignIn(_) | Outgoing::End(_))) {
            *outgoing = Some(offered);
        }
    }

    pub(super) fn take_outgoing(&self) -> Option<Outgoing> {
        lock(&self.outgoing).take()
    }

    /// Keeps the last error: an earlier guard may have failed on a route that forwarded.
    pub(super) fn set_failure(&self, error: &AuthError) {
        *lock(&self.failure) = Some(Failure::of(error));
    }

    /// Records that the last error certainly rejects the request.
    pub(super) fn set_final(&self) {
        if let Some(failure) = &mut *lock(&self.failure) {
            failure.is_final = true;
        }
    }

    /// Returns the error because of which an expired token was not renewed, if there was one.
    pub(super) fn renewal_error(&self) -> Option<&AuthError> {
        let error = self.renewal.get()?.as_ref().err()?;
        (!matches!(error, AuthError::InvalidToken(_))).then_some(error)
    }

    /// Returns the last error of a guard or of a handler's response.
    pub(super) fn last_failure(&self) -> Option<Failure> {
        lock(&self.failure).clone()
    }

    /// Returns the error, if the request was rejected with this status and the response may show it.
    pub(super) fn failure(&self, status: Status) -> Option<AuthError> {
        let failure = self.last_failure().filter(|failure| !failure.is_hidden)?;
        Some(failure.error).filter(|error| error.status() == status)
    }
}

impl Failure {
    fn of(error: &AuthError) -> Self {
        Self { error: error.clone(), denied: None, is_hidden: false, is_final: false }
    }
}

impl TokenState {
    /// Returns what is known about the token. `entry` looks it up.
    pub(super) fn entry(&self, entry: impl FnOnce() -> Arc<CacheEntry>) -> &Arc<CacheEntry> {
        self.entry.get_or_init(entry)
    }

    /// Returns the place for the claims of the token as a `C`.
    pub(super) fn authentication<'r, C: Claims>(
        &'r self,
        request: &'r Request<'_>,
        source: Source,
    ) -> &'r OnceLock<Authentication> {
        /// The claims as another type, by source.
        struct Other<C>([OnceLock<Authentication>; 2], PhantomData<fn() -> C>);

        let claims = TypeId::of::<C>();
        if *self.first.get_or_init(|| claims) == claims {
            return &self.claims;
        }
        let Other(other, _) = request.local_cache(|| Other::<C>(Default::default(), PhantomData));
        &other[usize::from(source == Source::Cookie)]
    }

    /// Returns the store's answer about the session. `check` asks the store, once.
    pub(super) async fn session(
        &self,
        check: impl Future<Output = Result<(), AuthError>>,
    ) -> Result<(), AuthError> {
        self.session.get_or_init(|| check).await.clone()
    }
}

impl Flag {
    pub(super) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn address(route: Option<&Route>) -> usize {
    route.map_or(0, |route| ptr::from_ref(route).addr())
}

/// Rejects a request, and keeps the error for the challenge and the catcher.
pub(super) fn reject<T>(request: &Request<'_>, error: AuthError) -> Outcome<T, AuthError> {
    RequestState::of(request).set_failure(&error);
    Outcome::Error((error.status(), error))
}

/// Rejects the request of a caller whom a policy denied. With `is_hidden`, it is rejected as if there were nothing at its
/// path: the error is kept, but no response shows it.
pub(super) fn deny<T>(
    request: &Request<'_>,
    error: AuthError,
    caller: Option<Owner>,
    is_hidden: bool,
) -> Outcome<T, AuthError> {
    let failure = Failure { denied: caller, is_hidden, ..Failure::of(&error) };
    *lock(&RequestState::of(request).failure) = Some(failure);
    Outcome::Error((if is_hidden { Status::NotFound } else { error.status() }, error))
}

/// Records which account the client signs in to, for the observers.
pub(super) fn record_account(request: &Request<'_>, account: &str) {
    let _ = RequestState::of(request).account.set(account.to_owned());
}

/// Returns the `JwtAuth` that the fairing put into the managed state.
pub(crate) fn jwt_auth<'r>(request: &'r Request<'_>) -> Result<&'r JwtAuth, AuthError> {
    request.rocket().state().ok_or_else(|| AuthError::internal("`JwtAuth::fairing()` is not attached"))
}

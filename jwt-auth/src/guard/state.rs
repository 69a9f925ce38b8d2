//! The state of a request: the results of its guards, for other guards and for the response.
//!
//! Rocket drops a guard's error before any catcher runs, so it is kept here.

use std::any::Any;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rocket::Request;
use rocket::http::Status;
use rocket::request::Outcome;
use rocket::tokio::sync::OnceCell;

use crate::auth::Auth;
use crate::claims::Claims;
use crate::error::AuthError;
use crate::jwt_auth::JwtAuth;
use crate::verify::CacheEntry;

/// The state of a request.
#[derive(Default)]
pub(super) struct RequestState {
    /// Whether a guard read the token, or found that there is none.
    token_read: AtomicBool,
    /// The cache entry of the token.
    entry: OnceLock<Arc<CacheEntry>>,
    /// The claims as the type that was requested first.
    claims: OnceCell<Box<dyn Any + Send + Sync>>,
    /// The store's answer about the session.
    session: OnceCell<Result<(), AuthError>>,
    failure: Mutex<Option<AuthError>>,
}

/// Verified claims, or the reason why there are none.
type Authentication<C> = Result<Auth<C>, AuthError>;

impl RequestState {
    pub(super) fn of<'r>(request: &'r Request<'_>) -> &'r Self {
        request.local_cache(Self::default)
    }

    /// Records that the response depends on the token.
    pub(super) fn set_token_read(&self) {
        self.token_read.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_token_read(&self) -> bool {
        self.token_read.load(Ordering::Relaxed)
    }

    /// Returns the cache entry of the token. `entry` looks it up.
    pub(super) fn entry(&self, entry: impl FnOnce() -> Arc<CacheEntry>) -> &Arc<CacheEntry> {
        self.entry.get_or_init(entry)
    }

    /// Returns the claims of the token as a `C`. `authenticate` is called once for each claims type.
    pub(super) async fn authentication<'r, C: Claims, F>(
        &'r self,
        request: &'r Request<'_>,
        authenticate: impl Fn() -> F,
    ) -> &'r Authentication<C>
    where
        F: Future<Output = Authentication<C>>,
    {
        struct Other<C>(Authentication<C>);

        let init = async || Box::new(authenticate().await) as Box<dyn Any + Send + Sync>;
        match self.claims.get_or_init(init).await.downcast_ref() {
            Some(claims) => claims,
            None => &request.local_cache_async(async { Other(authenticate().await) }).await.0,
        }
    }

    /// Returns the store's answer about the session. `check` asks the store, once.
    pub(super) async fn session(
        &self,
        check: impl Future<Output = Result<(), AuthError>>,
    ) -> Result<(), AuthError> {
        self.session.get_or_init(|| check).await.clone()
    }

    /// Records an error. The last one counts, because an earlier guard may have failed on a route that forwarded.
    pub(super) fn set_failure(&self, error: &AuthError) {
        *self.lock_failure() = Some(error.clone());
    }

    /// Returns the error, if a guard rejected the request with this status.
    pub(super) fn failure(&self, status: Status) -> Option<AuthError> {
        self.lock_failure().clone().filter(|error| error.status() == status)
    }

    fn lock_failure(&self) -> MutexGuard<'_, Option<AuthError>> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Rejects a request, and keeps the error for the challenge and the catcher.
pub(super) fn reject<T>(request: &Request<'_>, error: AuthError) -> Outcome<T, AuthError> {
    RequestState::of(request).set_failure(&error);
    Outcome::Error((error.status(), error))
}

/// Returns the `JwtAuth` that the fairing put into the managed state.
pub(super) fn jwt_auth<'r>(request: &'r Request<'_>) -> Result<&'r JwtAuth, AuthError> {
    request.rocket().state().ok_or_else(|| AuthError::internal("`JwtAuth::fairing()` is not attached"))
}

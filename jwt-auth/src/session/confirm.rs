//! Confirmations. The first request with an access token shows that the client has received its pair of tokens. Until
//! then, the previous refresh token gets the same successor again, because the response may have been lost.

use std::sync::Arc;

use foldhash::quality::RandomState;
use quick_cache::UnitWeighter;
use quick_cache::sync::{Cache, DefaultLifecycle};
use rocket::futures::FutureExt;
use rocket::tokio::runtime::Handle;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::Sessions;
use crate::auth::AnyAuth;

/// The number of confirmations that a process remembers, which takes a few megabytes. A forgotten one is repeated,
/// which has no effect.
const REMEMBERED: usize = 100_000;

/// The maximum number of confirmations in progress. If the store does not keep up, further ones are left to later
/// requests, so that they do not take the place of refreshes.
const MAX_CALLS: usize = 64;

/// The confirmations of this process.
pub(crate) struct Confirmations {
    known: Cache<(Uuid, u32), (), UnitWeighter, RandomState>,
    calls: Arc<Semaphore>,
}

impl Confirmations {
    pub(crate) fn new() -> Self {
        let known = Cache::with(
            REMEMBERED,
            REMEMBERED as u64,
            UnitWeighter,
            RandomState::default(),
            DefaultLifecycle::default(),
        );
        Self { known, calls: Arc::new(Semaphore::new(MAX_CALLS)) }
    }
}

impl Sessions {
    /// Confirms to the store, in the background, that the client has received the pair of this access token. This
    /// happens once per process and refresh. The first pair of a session replaces no other pair, so it needs no
    /// confirmation.
    pub(crate) fn confirm(self: &Arc<Self>, auth: &AnyAuth) {
        let token = auth.token();
        let (Some(sid), Some(generation @ 1..)) = (token.session_id, token.generation) else { return };
        let key = (sid, generation);
        let Confirmations { known, calls } = &self.confirmations;
        if self.settings.reuse_grace.is_zero() || !token.is_own || known.get(&key).is_some() {
            return;
        }
        let (Ok(runtime), Ok(call), Ok(owner)) =
            (Handle::try_current(), Arc::clone(calls).try_acquire_owned(), self.owner(auth))
        else {
            return;
        };
        known.insert(key, ());
        let now = self.clock.now();
        let sessions = Arc::clone(self);
        let mut telling = Box::pin(async move {
            let told =
                sessions.store.call("confirm", |store| store.confirm(&owner, sid, generation, now)).await;
            if told.is_err() {
                // A later request tries again.
                sessions.confirmations.known.remove(&key);
            }
            drop(call);
        });
        // The store in memory answers at once.
        if telling.as_mut().now_or_never().is_none() {
            runtime.spawn(telling);
        }
    }
}

#[cfg(feature = "testing")]
impl Confirmations {
    /// Waits until no confirmation is in progress.
    pub(crate) async fn settled(&self) {
        let all = self.calls.acquire_many(MAX_CALLS as u32).await;
        drop(all);
    }
}

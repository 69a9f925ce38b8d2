//! Waiting for the end of a session, for responses that outlive their request's token.

use std::sync::Arc;
use std::time::Duration;

use rocket::tokio::select;
use rocket::tokio::time::{sleep, timeout};
use tokio::sync::Semaphore;

use super::Sessions;
use crate::auth::{AnyAuth, TokenInfo};
use crate::clock::Timestamp;
use crate::config::RevocationMode;
use crate::error::AuthError;
use crate::event::Event;
use crate::owner::Owner;

/// The maximum delay before the clock is read again, because it can jump. Tests set their clock by hand.
const STEP: Duration =
    if cfg!(feature = "testing") { Duration::from_millis(50) } else { Duration::from_secs(30) };

/// The delay before a store that did not answer is asked again, and before a feed that can become stale is checked
/// again.
const RETRY: Duration = Duration::from_secs(1);

/// How many streams ask the store at once. Many may have to at the same moment, such as those of one token, and others must
/// not wait for them.
static TURNS: Semaphore = Semaphore::const_new(16);

/// A response that depends on an access token and outlives it.
struct Lasting {
    sessions: Arc<Sessions>,
    token: TokenInfo,
    /// `None` if a trusted issuer issued the token.
    owner: Option<Owner>,
}

impl Sessions {
    /// Returns a future that resolves when the session of an access token ends, or when the token is revoked. Without a
    /// session, it resolves when the token expires.
    pub(crate) fn ended(self: &Arc<Self>, auth: &AnyAuth) -> impl Future<Output = ()> + use<> {
        let owner = self.owner(auth).ok();
        Lasting { sessions: Arc::clone(self), token: auth.token().clone(), owner }.ended()
    }
}

impl Lasting {
    async fn ended(self) {
        let Some(owner) = &self.owner else { return self.expired().await };
        let revocations = &self.sessions.revocations;
        let step = if revocations.may_refuse() { STEP.min(RETRY) } else { STEP };
        let mut watch = revocations.watch(owner.digest(), self.token.token_id);
        // Until then, the session counts as alive without asking the store. Revocations of a long-lived token may be
        // forgotten before it expires.
        let mut live_until =
            self.token.expires_at.min(self.sessions.now() + self.sessions.verifier.access_ttl());
        while revocations.check(&self.token, || owner.digest()).is_ok() {
            let now = self.sessions.now();
            let wait = match live_until.since(now) {
                Duration::ZERO => {
                    let end = select! {
                        () = watch.woken() => continue,
                        end = self.session_end(owner) => end,
                    };
                    match end {
                        Ok(end) if end <= now => return,
                        Ok(end) => {
                            live_until = end.min(now + self.sessions.verifier.access_ttl());
                            continue;
                        }
                        Err(error) if now.since(live_until) >= self.sessions.verifier.access_ttl() => {
                            self.sessions.observers.emit(Event::StreamCut { error: &error });
                            return;
                        }
                        Err(_) => STEP.min(RETRY),
                    }
                }
                wait => wait.min(step),
            };
            // In either case, everything is checked again.
            let woken = timeout(wait, watch.woken()).await.is_ok();
            // Without revocations in process, only the store knows what has ended.
            if woken && revocations.settings().mode == RevocationMode::Off {
                live_until = now;
            }
        }
    }

    /// Asks the store when the session ends if it is not refreshed. A session that the store does not have has ended.
    async fn session_end(&self, owner: &Owner) -> Result<Timestamp, AuthError> {
        let Some(sid) = self.token.session_id else { return Ok(self.token.expires_at) };
        // It is never closed.
        let _turn = TURNS.acquire().await;
        let family = self.sessions.store.call("find", |store| store.find(owner, sid)).await?;
        Ok(family.map_or(Timestamp::from_secs(0), |family| family.idle_end.min(family.absolute_end)))
    }

    async fn expired(&self) {
        loop {
            match self.token.expires_at.since(self.sessions.now()) {
                Duration::ZERO => return,
                wait => sleep(wait.min(STEP)).await,
            }
        }
    }
}

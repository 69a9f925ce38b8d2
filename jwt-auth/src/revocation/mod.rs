//! Revoked access tokens. Every request looks them up in the memory of the process, so it does not wait for a store.
//! The store's feed delivers the revocations of other processes.

mod entry;
mod expiring;
mod feed;
mod follow;
mod watch;

use std::cmp::Reverse;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use uuid::Uuid;

use self::expiring::Expiring;
use self::watch::{Watch, Watchers};
use crate::auth::TokenInfo;
use crate::clock::{Clock, Moment, Timestamp};
use crate::config::{RevocationMode, RevocationSettings, TokenSettings, WhenStale};
use crate::error::{AuthError, InvalidToken};
#[cfg(feature = "metrics")]
use crate::event;
use crate::owner::{OwnerDigest, Revision};

pub use entry::Revocation;
pub use feed::{FeedPage, RevocationFeed};
pub(crate) use follow::{catch_up, follow};

/// How much longer a revocation is remembered than its tokens live. A refresh that reaches the store just before a
/// logout may sign its access token just after the logout.
const MARGIN: Duration = Duration::from_secs(60);

/// The revocations in force that this process has received.
pub(crate) struct Revocations {
    sessions: Expiring<(OwnerDigest, Uuid), ()>,
    tokens: Expiring<Uuid, ()>,
    owners: Expiring<OwnerDigest, OwnerRevocation>,
    watchers: Arc<Watchers>,
    clock: Arc<dyn Clock>,
    settings: RevocationSettings,
    retention: Duration,
    /// When all revocations of the feed up to then had been received. `None` without a feed.
    up_to_date_at: RwLock<Option<Moment>>,
}

/// The latest revocation of an owner's tokens: those of older revisions, except those of one session.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct OwnerRevocation {
    revision: Revision,
    spared: Option<Uuid>,
    /// When this process first received it.
    heard_at: Reverse<Timestamp>,
}

impl Revocations {
    pub(crate) fn new(settings: RevocationSettings, tokens: &TokenSettings, clock: Arc<dyn Clock>) -> Self {
        let retention = tokens.access_ttl + tokens.leeway + MARGIN;
        Self {
            sessions: Expiring::new(retention),
            tokens: Expiring::new(retention),
            owners: Expiring::new(retention),
            watchers: Arc::default(),
            clock,
            settings,
            retention,
            up_to_date_at: RwLock::new(None),
        }
    }

    pub(crate) fn settings(&self) -> RevocationSettings {
        self.settings
    }

    /// Returns how long a revocation must be remembered: until every token that it affects has expired.
    pub(crate) fn retention(&self) -> Duration {
        self.retention
    }

    /// Rejects the tokens that this revokes from now on.
    pub(crate) fn apply(&self, revocation: Revocation) {
        let now = Moment::now(&*self.clock);
        match revocation {
            Revocation::Session(owner, sid) => self.sessions.insert((owner, sid), (), now),
            Revocation::Token(id) => self.tokens.insert(id, (), now),
            Revocation::Owner(owner, revision, spared) => {
                let heard_at = Reverse(self.clock.now());
                self.owners.insert(owner, OwnerRevocation { revision, spared, heard_at }, now);
            }
        }
        self.watchers.wake(&revocation);
        #[cfg(feature = "metrics")]
        self.measure();
    }

    /// Starts to wait for revocations that may concern a token.
    pub(crate) fn watch(&self, owner: OwnerDigest, token: Uuid) -> Watch {
        self.watchers.watch(owner, token)
    }

    /// Checks that a token was not revoked. Tokens of trusted issuers cannot be revoked, because their subjects are
    /// different people. `owner` is called only if there are revocations for which it could matter.
    ///
    /// # Errors
    ///
    /// The token was revoked, or the feed is stale and the settings reject requests in that case.
    pub(crate) fn check(
        &self,
        token: &TokenInfo,
        owner: impl FnOnce() -> OwnerDigest,
    ) -> Result<(), AuthError> {
        if !token.is_own || self.settings.mode == RevocationMode::Off {
            return Ok(());
        }
        if self.tokens.get(&token.token_id).is_some() || self.owner_is_revoked(token, owner) {
            return Err(InvalidToken::Revoked.into());
        }
        if self.settings.when_stale == WhenStale::Refuse && self.is_stale() {
            return Err(AuthError::unavailable("the revocation feed is stale"));
        }
        Ok(())
    }

    fn owner_is_revoked(&self, token: &TokenInfo, owner: impl FnOnce() -> OwnerDigest) -> bool {
        if self.sessions.is_empty() && self.owners.is_empty() {
            return false;
        }
        let owner = owner();
        match token.revision {
            Some(revision) => self.has_ended(owner, token.session_id, revision),
            // A token of fastapi_framework has no revision, and its `iat` is an estimate in whole seconds, so a token
            // from the second of the revocation counts as older than it.
            None => self.heard_at(owner).is_some_and(|at| token.issued_at.as_secs() <= at.as_secs()),
        }
    }

    /// Returns whether tokens of this session and this revision were revoked, as far as this process remembers.
    pub(crate) fn has_ended(&self, owner: OwnerDigest, sid: Option<Uuid>, revision: Revision) -> bool {
        sid.is_some_and(|sid| self.sessions.get(&(owner, sid)).is_some())
            || self.owners.get(&owner).is_some_and(|revoked| {
                revision < revoked.revision && (sid.is_none() || revoked.spared != sid)
            })
    }

    /// Returns the latest revision of an owner that this process remembers.
    pub(crate) fn heard(&self, owner: OwnerDigest) -> Revision {
        self.owners.get(&owner).map_or(Revision::default(), |revoked| revoked.revision)
    }

    /// Returns when this process received the latest revision of an owner.
    pub(crate) fn heard_at(&self, owner: OwnerDigest) -> Option<Timestamp> {
        self.owners.get(&owner).map(|revoked| revoked.heard_at.0)
    }

    /// Records that all revocations up to now were received, and drops expired entries.
    fn set_up_to_date(&self) {
        let now = Moment::now(&*self.clock);
        self.sessions.sweep(now);
        self.tokens.sweep(now);
        self.owners.sweep(now);
        *self.up_to_date_at.write().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    /// Returns whether requests are rejected once the feed is stale.
    pub(crate) fn may_refuse(&self) -> bool {
        self.settings.when_stale == WhenStale::Refuse
    }

    /// Returns whether there is a feed.
    pub(crate) fn has_feed(&self) -> bool {
        self.up_to_date_at().is_some()
    }

    /// Returns whether the feed is stale by at least one of the clocks.
    pub(crate) fn is_stale(&self) -> bool {
        let stale_at = self.up_to_date_at().map(|at| at.after(self.settings.stale_after));
        stale_at.is_some_and(|at| at.may_have_passed(Moment::now(&*self.clock)))
    }

    /// Records the number of revocations and the age of the feed as metrics.
    #[cfg(feature = "metrics")]
    fn measure(&self) {
        event::revocations(self.sessions.len() + self.tokens.len() + self.owners.len());
        if let Some(at) = self.up_to_date_at() {
            event::feed_age(Moment::now(&*self.clock).since(at));
        }
    }

    fn up_to_date_at(&self) -> Option<Moment> {
        *self.up_to_date_at.read().unwrap_or_else(PoisonError::into_inner)
    }
}

//! Revoked access tokens, looked up in process on every request, so that no request waits for a store. The store's feed
//! tells what other processes revoke.

mod event;
mod expiring;
mod feed;
mod follow;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use uuid::Uuid;

use self::expiring::Expiring;
use crate::auth::TokenInfo;
use crate::clock::Timestamp;
use crate::config::{RevocationMode, RevocationSettings, TokenSettings, WhenStale};
use crate::error::{AuthError, InvalidToken};

pub use event::{Revocation, SubjectDigest};
pub use feed::{FeedPage, RevocationFeed};
pub(crate) use follow::{catch_up, follow};

/// A refresh that overtakes a logout may sign its access token a moment after it.
const MARGIN: Duration = Duration::from_secs(60);

/// The revocations in force that this process knows.
pub(crate) struct Revocations {
    sessions: Expiring<Uuid, ()>,
    tokens: Expiring<Uuid, ()>,
    /// For tokens of no session: those issued before this time are rejected.
    subjects: Expiring<SubjectDigest, Timestamp>,
    settings: RevocationSettings,
    retention: Duration,
    /// When the feed last answered, in milliseconds; 0 without a feed.
    heard_at: AtomicU64,
}

impl Revocations {
    pub(crate) fn new(settings: RevocationSettings, tokens: &TokenSettings) -> Self {
        let retention = tokens.access_ttl + tokens.leeway + MARGIN;
        Self {
            sessions: Expiring::new(retention),
            tokens: Expiring::new(retention),
            subjects: Expiring::new(retention),
            settings,
            retention,
            heard_at: AtomicU64::new(0),
        }
    }

    pub(crate) fn settings(&self) -> RevocationSettings {
        self.settings
    }

    /// Returns how long after a revocation the last token that it concerns can still be valid.
    pub(crate) fn retention(&self) -> Duration {
        self.retention
    }

    /// Rejects what this revokes from now on.
    pub(crate) fn apply(&self, revocation: Revocation, now: Timestamp) {
        match revocation {
            Revocation::Session(sid) => self.sessions.insert(sid, (), now),
            Revocation::Token(id) => self.tokens.insert(id, (), now),
            Revocation::Subject(subject, before) => self.subjects.insert(subject, before, now),
        }
    }

    /// Checks that a token was not revoked. Tokens of trusted issuers cannot be: their subjects are other people.
    /// `subject` is called only for a token of no session.
    ///
    /// # Errors
    ///
    /// The token was revoked, or the feed is stale and the settings reject requests then.
    pub(crate) fn check(
        &self,
        token: &TokenInfo,
        subject: impl FnOnce() -> String,
        now: Timestamp,
    ) -> Result<(), AuthError> {
        if !token.is_own || self.settings.mode == RevocationMode::Off {
            return Ok(());
        }
        let owner_is_revoked = match token.session_id {
            Some(sid) => self.has_ended(sid),
            None if self.subjects.is_empty() => false,
            // `iat` counts whole seconds, so the second of the revocation counts as before it.
            None => self
                .subjects
                .get(&SubjectDigest::of(&subject()))
                .is_some_and(|before| token.issued_at.as_secs() <= before.as_secs()),
        };
        if owner_is_revoked || self.tokens.get(&token.token_id).is_some() {
            return Err(InvalidToken::Revoked.into());
        }
        if self.settings.when_stale == WhenStale::Refuse && self.is_stale(now) {
            return Err(AuthError::unavailable("the feed of revocations is stale"));
        }
        Ok(())
    }

    /// Whether a session was ended, as far as this process remembers.
    pub(crate) fn has_ended(&self, sid: Uuid) -> bool {
        self.sessions.get(&sid).is_some()
    }

    /// Returns the time before which the tokens of a subject that belong to no session were revoked.
    pub(crate) fn before(&self, subject: &str) -> Option<Timestamp> {
        if self.subjects.is_empty() { None } else { self.subjects.get(&SubjectDigest::of(subject)) }
    }

    /// Records that everything up to now was heard, and drops expired entries.
    fn heard(&self, now: Timestamp) {
        self.sessions.sweep(now);
        self.tokens.sweep(now);
        self.subjects.sweep(now);
        self.heard_at.store(now.as_millis().max(1), Ordering::Release);
    }

    fn is_stale(&self, now: Timestamp) -> bool {
        let heard_at = self.heard_at.load(Ordering::Acquire);
        heard_at > 0 && now.since(Timestamp::from_millis(heard_at)) > self.settings.stale_after
    }
}

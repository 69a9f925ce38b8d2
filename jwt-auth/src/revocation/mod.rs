//! What was revoked while access tokens of it are still good: looked up in process on every request,
//! so no request waits for a store. What other processes revoke comes in by the store's feed.

mod access_token;
mod expiring;
mod follow;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use uuid::Uuid;

use self::expiring::Expiring;
use crate::clock::Timestamp;
use crate::config::{Settings, WhenStale};
use crate::error::{AuthError, InvalidToken};
use crate::store::{Revocation, SubjectDigest};
use crate::verifier::Checked;

pub use access_token::AccessTokenId;
pub(crate) use follow::{catch_up, follow};

/// A refresh that overtook a logout may sign its access token a moment after it.
const MARGIN: Duration = Duration::from_secs(60);

/// The revocations that are in force, as far as this process knows.
pub(crate) struct Revocations {
    sessions: Expiring<Uuid, ()>,
    tokens: Expiring<Uuid, ()>,
    /// For tokens of no session: before when one must have been issued to be refused.
    subjects: Expiring<SubjectDigest, Timestamp>,
    stale_after: Duration,
    when_stale: WhenStale,
    /// When the feed last answered, in milliseconds; 0 when there is none to answer.
    heard_at: AtomicU64,
}

impl Revocations {
    pub(crate) fn new(settings: &Settings) -> Self {
        let outlives = Self::retention(settings);
        Self {
            sessions: Expiring::new(outlives),
            tokens: Expiring::new(outlives),
            subjects: Expiring::new(outlives),
            stale_after: settings.stale_after,
            when_stale: settings.when_stale,
            heard_at: AtomicU64::new(0),
        }
    }

    /// How long after a revocation the last token that it concerns can still be good.
    pub(crate) fn retention(settings: &Settings) -> Duration {
        settings.access_ttl + settings.leeway + MARGIN
    }

    /// Refuses what this revokes, from now on.
    pub(crate) fn apply(&self, revocation: Revocation, now: Timestamp) {
        match revocation {
            Revocation::Session(sid) => self.sessions.insert(sid, (), now),
            Revocation::Token(id) => self.tokens.insert(id, (), now),
            Revocation::Subject(subject, before) => self.subjects.insert(subject, before, now),
        }
    }

    /// Notes that everything was heard up to now, and drops what is of no more use.
    fn heard(&self, now: Timestamp) {
        self.sessions.sweep(now);
        self.tokens.sweep(now);
        self.subjects.sweep(now);
        self.heard_at.store(now.as_millis().max(1), Ordering::Release);
    }

    /// Whether a token is in force. `subject` is only asked for a token of no session.
    ///
    /// # Errors
    ///
    /// It was revoked; or nothing was heard of other processes for too long, and the settings say
    /// that then nobody is let in.
    pub(crate) fn check(
        &self,
        token: &Checked,
        subject: impl FnOnce() -> String,
        now: Timestamp,
    ) -> Result<(), AuthError> {
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
        if self.when_stale == WhenStale::Refuse && self.is_stale(now) {
            return Err(AuthError::unavailable("nothing was heard of the revocations of other processes"));
        }
        Ok(())
    }

    /// Whether a session was ended, as far as this process remembers.
    pub(crate) fn has_ended(&self, sid: Uuid) -> bool {
        self.sessions.get(&sid).is_some()
    }

    /// Up to when the tokens of a subject that belong to no session were revoked.
    pub(crate) fn before(&self, subject: &str) -> Option<Timestamp> {
        if self.subjects.is_empty() { None } else { self.subjects.get(&SubjectDigest::of(subject)) }
    }

    fn is_stale(&self, now: Timestamp) -> bool {
        let heard_at = self.heard_at.load(Ordering::Acquire);
        heard_at > 0 && now.since(Timestamp::from_millis(heard_at)) > self.stale_after
    }
}

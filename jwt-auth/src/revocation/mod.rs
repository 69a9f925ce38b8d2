//! Which sessions were ended while access tokens of theirs are still good: looked up in process on
//! every request, so no request waits for a store.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::config::Settings;

/// How often entries that no token needs any more are dropped.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// A refresh that overtook a logout may sign its access token a moment after it.
const MARGIN: Duration = Duration::from_secs(60);

/// The sessions that this process ended or heard of. What it hears from other processes comes in
/// through [`revoke`](Revocations::revoke) as well.
pub(crate) struct Revocations {
    /// How long after a session ended the last of its access tokens can still be good.
    outlives: Duration,
    /// The number of entries, so that a look-up among none takes no lock.
    len: AtomicUsize,
    sessions: RwLock<Sessions>,
}

#[derive(Default)]
struct Sessions {
    until: HashMap<Uuid, Timestamp>,
    swept_at: Option<Timestamp>,
}

impl Revocations {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            outlives: settings.access_ttl + settings.leeway + MARGIN,
            len: AtomicUsize::new(0),
            sessions: RwLock::default(),
        }
    }

    /// Refuses the session's access tokens from now on.
    pub(crate) fn revoke(&self, sid: Uuid, now: Timestamp) {
        let mut sessions = self.sessions.write().unwrap_or_else(PoisonError::into_inner);
        if sessions.swept_at.is_none_or(|last| last > now || now.since(last) >= SWEEP_EVERY) {
            sessions.swept_at = Some(now);
            sessions.until.retain(|_, until| *until > now);
        }
        sessions.until.insert(sid, now + self.outlives);
        self.len.store(sessions.until.len(), Ordering::Release);
    }

    /// Whether the session was ended.
    pub(crate) fn is_revoked(&self, sid: Uuid) -> bool {
        self.len.load(Ordering::Acquire) > 0
            && self.sessions.read().unwrap_or_else(PoisonError::into_inner).until.contains_key(&sid)
    }
}

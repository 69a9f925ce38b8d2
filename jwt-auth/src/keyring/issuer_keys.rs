//! The keys of one issuer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::{ArcSwap, Guard};

use super::jwks::Jwks;
use super::key_set::KeySet;
use crate::clock::Clock;

/// The keys of one issuer. The whole set is replaced at once.
pub(crate) struct IssuerKeys {
    set: ArcSwap<KeySet>,
    clock: Arc<dyn Clock>,
    changes: Arc<Changes>,
}

/// Counts how often the keys of any issuer were replaced.
#[derive(Default)]
pub(super) struct Changes(AtomicU64);

impl Changes {
    /// Returns the count. Read it before the keys: a result that was obtained with the keys is valid for as long as the
    /// count stays the same.
    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl IssuerKeys {
    pub(super) fn new(set: KeySet, clock: Arc<dyn Clock>, changes: &Arc<Changes>) -> Self {
        Self { set: ArcSwap::from_pointee(set), clock, changes: Arc::clone(changes) }
    }

    /// Returns the current keys.
    pub(crate) fn load(&self) -> Guard<Arc<KeySet>> {
        self.set.load()
    }

    /// Replaces the keys.
    pub(super) fn store(&self, set: KeySet) {
        self.set.store(set.into());
        self.changes.0.fetch_add(1, Ordering::SeqCst);
    }

    /// Returns the clock that decides which keys are in force.
    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Returns the public keys for `/.well-known/jwks.json`.
    pub(crate) fn jwks(&self) -> Jwks {
        self.load().jwks(self.clock.now())
    }
}

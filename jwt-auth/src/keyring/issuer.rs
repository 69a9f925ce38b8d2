//! Who issues tokens, and by which keys.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::{ArcSwap, Guard};

use super::jwks::Jwks;
use super::set::KeySet;
use crate::clock::Clock;
use crate::config::IssuerSettings;
use crate::error::StartupError;
#[cfg(feature = "remote")]
use crate::remote::Remote;

/// The keys of one issuer, which change as a whole.
pub(crate) struct IssuerKeys {
    set: ArcSwap<KeySet>,
    clock: Arc<dyn Clock>,
    changes: Arc<Changes>,
}

/// How often keys have changed, of whichever issuer of one app.
#[derive(Default)]
pub(super) struct Changes(AtomicU64);

impl Changes {
    /// Read before the keys are: whatever was found by those may be taken to hold for as long as this stays.
    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

impl IssuerKeys {
    pub(super) fn new(set: KeySet, clock: Arc<dyn Clock>, changes: &Arc<Changes>) -> Self {
        Self { set: ArcSwap::from_pointee(set), clock, changes: Arc::clone(changes) }
    }

    /// The keys as they are now.
    pub(crate) fn load(&self) -> Guard<Arc<KeySet>> {
        self.set.load()
    }

    pub(crate) fn store(&self, set: KeySet) {
        self.set.store(set.into());
        self.changes.0.fetch_add(1, Ordering::SeqCst);
    }

    /// The time by which they are in force.
    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// The public keys, as `/.well-known/jwks.json` shows them.
    pub(crate) fn jwks(&self) -> Jwks {
        self.load().jwks(self.clock.now())
    }
}

/// Somebody else whose tokens count.
pub(crate) struct OtherIssuer {
    /// Its `iss`.
    pub(crate) name: String,
    /// Of these, one must be named, unless a claims type names another.
    pub(crate) audience: Vec<String>,
    /// The claim that names it.
    pub(crate) audience_claim: String,
    pub(crate) keys: IssuerKeys,
    /// Where they are fetched.
    #[cfg(feature = "remote")]
    pub(crate) remote: Option<Remote>,
}

impl OtherIssuer {
    pub(super) fn new(settings: &IssuerSettings, keys: IssuerKeys) -> Result<Self, StartupError> {
        #[cfg(feature = "remote")]
        let remote =
            settings.remote.clone().map(|remote| Remote::new(&settings.issuer, remote)).transpose()?;
        Ok(Self {
            name: settings.issuer.clone(),
            audience: settings.audience.clone(),
            audience_claim: settings.audience_claim.clone(),
            keys,
            #[cfg(feature = "remote")]
            remote,
        })
    }
}

//! The keys: one signs, and each that verifies is bound to one algorithm.
//!
//! Requests read a set of keys that never changes. A change puts another set in its place, as a whole.

mod algorithm;
mod files;
mod halves;
mod jwk;
mod jwks;
mod key;
mod load;
mod reload;
mod schedule;
mod set;
mod signing;
mod verifying;

use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};

use crate::clock::Clock;
use crate::config::KeySettings;
use crate::error::StartupError;
use files::Files;
pub use jwks::{Jwks, PublicJwk};
use reload::Source;
pub(crate) use reload::keep_loaded;
pub(crate) use set::KeySet;
pub(crate) use verifying::{TokenKind, VerifyingKey};

/// Every key of an app.
pub(crate) struct Keyring {
    set: ArcSwap<KeySet>,
    source: Source,
    clock: Arc<dyn Clock>,
}

impl Keyring {
    /// Makes the keys. `ephemeral` says that an app without any may sign with one made up now.
    ///
    /// # Errors
    ///
    /// The first that is wrong.
    pub(crate) fn new(
        settings: KeySettings,
        ephemeral: bool,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StartupError> {
        let files = Files::read(&settings);
        let set = match settings.own.is_empty() && ephemeral {
            true => load::made_up(settings.algorithm)?,
            false => load::load(&settings, &files, clock.now())?,
        };
        let source = Source::new(settings, &files);
        let keyring = Self { set: ArcSwap::from_pointee(set), source, clock };
        keyring.source.announce(&keyring);
        Ok(keyring)
    }

    /// Takes the keys of other settings instead, from now on.
    ///
    /// # Errors
    ///
    /// One of them is wrong. Then nothing changes.
    pub(crate) fn replace(&self, settings: KeySettings) -> Result<(), StartupError> {
        self.source.replace(settings, self)
    }

    /// The keys as they are now.
    pub(crate) fn load(&self) -> Guard<Arc<KeySet>> {
        self.set.load()
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

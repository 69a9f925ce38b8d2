//! The keys: one signs, and each that verifies is bound to one algorithm and to one issuer.
//!
//! Requests read a set of keys that never changes. A change puts another set in its place, as a whole.

mod algorithm;
mod files;
mod halves;
mod issuer;
mod jwk;
mod jwks;
mod key;
mod load;
mod reload;
mod schedule;
mod set;
mod signing;
mod verifying;
#[cfg(test)]
mod vectors;

use std::iter;
use std::sync::Arc;

use crate::clock::{Clock, Timestamp};
use crate::config::KeySettings;
use crate::error::StartupError;
use files::Files;
use issuer::Changes;
pub(crate) use issuer::{IssuerKeys, OtherIssuer};
pub use jwks::{Jwks, PublicJwk};
use load::{Occasion, Sets};
use reload::Source;
pub(crate) use reload::keep_loaded;
#[cfg(feature = "remote")]
pub(crate) use set::KeySet;
pub(crate) use verifying::{TokenKind, VerifyingKey};

/// Every key of an app.
pub(crate) struct Keyring {
    /// By which its own tokens are signed and verified.
    pub(crate) own: IssuerKeys,
    /// By which those of others are verified.
    pub(crate) others: Vec<OtherIssuer>,
    source: Source,
    changes: Arc<Changes>,
}

impl Keyring {
    /// Makes the keys. `ephemeral` says that an app without any may sign with one made up now, and that tokens of
    /// other issuers whose keys are not there may be verified by such keys, too.
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
        let Sets { own, others } =
            load::load(&settings, &files, clock.now(), Occasion::Launch { ephemeral })?;
        let changes = Arc::default();
        let keys = |set| IssuerKeys::new(set, Arc::clone(&clock), &changes);
        let others = settings.issuers.iter().zip(others);
        let keyring = Self {
            own: keys(own.unwrap_or_default()),
            others: others
                .map(|(issuer, set)| OtherIssuer::new(issuer, keys(set.unwrap_or_default())))
                .collect::<Result<_, _>>()?,
            source: Source::new(settings, &files),
            changes,
        };
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

    /// How often its keys have changed: what was verified by them before the last time may not be good now.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.count()
    }

    /// When the next key of any issuer is retired, if one is to be.
    pub(crate) fn next_retirement(&self) -> Option<Timestamp> {
        self.sets().filter_map(|set| set.load().next_retirement(set.clock())).min()
    }

    /// Whether there are keys which take longer to verify with than a secret does.
    pub(crate) fn has_public_keys(&self) -> bool {
        self.sets().any(|set| set.load().has_public_keys())
    }

    fn sets(&self) -> impl Iterator<Item = &IssuerKeys> {
        iter::once(&self.own).chain(self.others.iter().map(|issuer| &issuer.keys))
    }

    /// The other issuer of this name.
    pub(crate) fn other(&self, name: &str) -> Option<(usize, &OtherIssuer)> {
        self.others.iter().enumerate().find(|(_, issuer)| issuer.name == name)
    }

    fn store(&self, sets: Sets) {
        if let Some(set) = sets.own {
            self.own.store(set);
        }
        for (issuer, set) in self.others.iter().zip(sets.others) {
            // What an issuer publishes stays as it is.
            if let Some(set) = set {
                issuer.keys.store(set);
            }
        }
    }
}

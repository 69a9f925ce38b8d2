//! The keyring: one key signs, and every key that verifies is bound to one algorithm and one issuer.
//!
//! Requests read an immutable set of keys. A change replaces the set.

mod algorithm;
mod exposure;
#[cfg(feature = "remote")]
mod fetch;
mod files;
mod found;
mod issuer_keys;
mod jwk;
mod jwk_set;
mod jwks;
mod key;
mod key_set;
mod load;
#[cfg(feature = "remote")]
mod lookups;
mod material;
mod problem;
#[cfg(feature = "remote")]
mod refresh;
mod reload;
#[cfg(feature = "remote")]
mod remote;
mod schedule;
mod signing;
mod source;
mod trusted_issuer;
#[cfg(test)]
mod vectors;
mod verifying;

use std::iter;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, Timestamp};
use crate::config::KeySettings;
use crate::error::StartupError;
use crate::event::Observers;
pub(crate) use exposure::files_open_to_group;
use files::Files;
use issuer_keys::Changes;
pub(crate) use issuer_keys::IssuerKeys;
pub use jwks::{Jwks, PublicJwk};
use load::{Occasion, Sets};
#[cfg(feature = "remote")]
pub(crate) use refresh::keep_fetched;
pub(crate) use reload::keep_reloaded;
use source::Source;
pub(crate) use trusted_issuer::TrustedIssuer;
pub(crate) use verifying::VerifyingKey;

/// All keys of an app.
pub(crate) struct Keyring {
    /// The keys that sign and verify the app's own tokens.
    pub(crate) own: IssuerKeys,
    /// The trusted issuers, with the keys that verify their tokens.
    pub(crate) trusted: Vec<TrustedIssuer>,
    source: Source,
    /// How far the clocks of instances may differ.
    leeway: Duration,
    changes: Arc<Changes>,
    observers: Observers,
}

impl Keyring {
    /// Builds the keyring. With `ephemeral`, an app without any key gets a random secret, and so does every trusted
    /// issuer without keys. A key starts to verify tokens this `leeway` before its `not_before`.
    ///
    /// # Errors
    ///
    /// A key is invalid. The error describes the first one.
    pub(crate) fn new(
        settings: KeySettings,
        leeway: Duration,
        ephemeral: bool,
        clock: Arc<dyn Clock>,
        observers: Observers,
    ) -> Result<Self, StartupError> {
        let files = Files::read(&settings);
        let Sets { own, trusted } =
            load::load(&settings, &files, clock.now(), leeway, Occasion::Launch { ephemeral })?;
        exposure::warn_of_exposed_files(&settings, &files);
        let changes = Arc::default();
        let keys = |set| IssuerKeys::new(set, Arc::clone(&clock), &changes);
        let trusted = settings.issuers.iter().zip(trusted);
        let keyring = Self {
            own: keys(own.unwrap_or_default()),
            trusted: trusted
                .map(|(issuer, set)| TrustedIssuer::new(issuer, keys(set.unwrap_or_default()), &observers))
                .collect::<Result<_, _>>()?,
            source: Source::new(settings, &files),
            leeway,
            changes,
            observers,
        };
        keyring.announce_signer();
        Ok(keyring)
    }

    /// Returns whether a key signs now, if the app has keys that sign, and whether there are keys of every issuer.
    pub(crate) fn is_complete(&self) -> bool {
        let own = self.own.load();
        let signs = !own.can_sign() || own.signing(self.own.clock().now()).is_some();
        signs && self.trusted.iter().all(|issuer| !issuer.keys.load().is_empty())
    }

    /// Returns how often keys were replaced: a token that was verified before the last change may no longer be valid.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.count()
    }

    /// Returns when the next key of any issuer is retired.
    pub(crate) fn next_retirement(&self) -> Option<Timestamp> {
        self.issuers().filter_map(|keys| keys.load().next_retirement(keys.clock())).min()
    }

    /// Returns the trusted issuer that claims types call by this name, and its number.
    pub(crate) fn trusted(&self, name: &str) -> Option<(usize, &TrustedIssuer)> {
        self.trusted.iter().enumerate().find(|(_, issuer)| issuer.name == name)
    }

    /// Returns whether tokens with this `iss` are tokens of a trusted issuer.
    pub(crate) fn is_trusted(&self, issuer: &str) -> bool {
        self.trusted.iter().any(|trusted| trusted.issuer == issuer)
    }

    fn issuers(&self) -> impl Iterator<Item = &IssuerKeys> {
        iter::once(&self.own).chain(self.trusted.iter().map(|issuer| &issuer.keys))
    }

    fn store(&self, sets: Sets) {
        if let Some(set) = sets.own {
            self.own.store(set);
        }
        for (issuer, set) in self.trusted.iter().zip(sets.trusted) {
            // Fetched keys are kept.
            if let Some(set) = set {
                issuer.keys.store(set);
            }
        }
    }
}

//! A key, and when it is in force.

use std::time::Duration;

use super::signing::{PrivateKey, SigningKey};
use super::verifying::VerifyingKey;
use crate::clock::{Clock, Timestamp};
use crate::config::KeySetting;

/// A key, and the setting that it comes from.
pub(crate) struct Key {
    /// The full name of the setting.
    pub(super) setting: String,
    pub(super) verifying: VerifyingKey,
    pub(super) signing: Option<SigningKey>,
    pub(super) not_before: Option<Timestamp>,
    pub(super) retire_at: Option<Timestamp>,
}

impl Key {
    pub(super) fn new(verifying: VerifyingKey, private: Option<PrivateKey>, from: &KeySetting) -> Self {
        Self {
            setting: from.key_name(),
            not_before: from.not_before,
            retire_at: from.retire_at,
            ..Self::without_setting(verifying, private)
        }
    }

    /// Creates a key that comes from no setting.
    pub(super) fn without_setting(verifying: VerifyingKey, private: Option<PrivateKey>) -> Self {
        let signing = private.map(|key| SigningKey::new(key, verifying.headers().clone()));
        Self { setting: String::new(), verifying, signing, not_before: None, retire_at: None }
    }

    /// Returns whether it signs at this time.
    pub(super) fn signs(&self, now: Timestamp) -> bool {
        self.verifies(now, Duration::ZERO)
    }

    /// Returns whether it verifies at this time. Another instance, whose clock is ahead by up to the leeway, may
    /// already sign with it. At the end, there is no leeway: a stolen key is rejected from the moment it is retired.
    pub(super) fn verifies(&self, now: Timestamp, leeway: Duration) -> bool {
        self.not_before.is_none_or(|begin| begin.before(leeway) <= now) && !self.is_retired(now)
    }

    /// Returns whether it verifies now. Reads the clock only if the key has dates.
    pub(super) fn verifies_by(&self, clock: &dyn Clock, leeway: Duration) -> bool {
        (self.not_before.is_none() && self.retire_at.is_none()) || self.verifies(clock.now(), leeway)
    }

    pub(super) fn is_retired(&self, now: Timestamp) -> bool {
        self.retire_at.is_some_and(|end| end <= now)
    }

    /// Returns its algorithm and its name, for logs.
    pub(super) fn shown(&self) -> String {
        match self.verifying.kid() {
            Some(kid) => format!("{} and the key `{kid}`", self.verifying.algorithm()),
            None => format!("{} and the secret", self.verifying.algorithm()),
        }
    }
}

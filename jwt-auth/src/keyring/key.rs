//! One key, and when it is in force.

use super::signing::{PrivateKey, SigningKey};
use super::verifying::VerifyingKey;
use crate::clock::{Clock, Timestamp};
use crate::config::KeySetting;

/// A key, and the setting that it comes from.
pub(crate) struct Key {
    /// The name of that setting.
    pub(super) setting: String,
    pub(super) verifying: VerifyingKey,
    pub(super) signing: Option<SigningKey>,
    pub(super) not_before: Option<Timestamp>,
    pub(super) retire_at: Option<Timestamp>,
}

impl Key {
    pub(super) fn new(verifying: VerifyingKey, private: Option<PrivateKey>, from: &KeySetting) -> Self {
        Self {
            setting: from.material_name(),
            not_before: from.not_before,
            retire_at: from.retire_at,
            ..Self::made_up(verifying, private)
        }
    }

    /// A key that comes from no setting.
    pub(super) fn made_up(verifying: VerifyingKey, private: Option<PrivateKey>) -> Self {
        let signing = private.map(|key| SigningKey::new(key, verifying.headers().clone()));
        Self { setting: String::new(), verifying, signing, not_before: None, retire_at: None }
    }

    /// Whether it signs and verifies at this time. Others may not differ by the leeway of tokens about that: a
    /// key that was stolen is good for nothing from the moment on that it was to be.
    pub(super) fn is_in_force(&self, now: Timestamp) -> bool {
        self.not_before.is_none_or(|begin| begin <= now) && !self.is_retired(now)
    }

    /// As [`is_in_force`](Self::is_in_force), of now. Most keys are so at any time.
    pub(super) fn is_in_force_by(&self, clock: &dyn Clock) -> bool {
        (self.not_before.is_none() && self.retire_at.is_none()) || self.is_in_force(clock.now())
    }

    pub(super) fn is_retired(&self, now: Timestamp) -> bool {
        self.retire_at.is_some_and(|end| end <= now)
    }

    /// What it is called in the log: its algorithm and its name.
    pub(super) fn shown(&self) -> String {
        match self.verifying.kid() {
            Some(kid) => format!("{} by the key `{kid}`", self.verifying.algorithm()),
            None => format!("{} by the secret", self.verifying.algorithm()),
        }
    }
}

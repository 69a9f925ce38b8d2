//! The settings for all keys.

use std::path::PathBuf;
use std::time::Duration;

use jsonwebtoken::Algorithm;

use super::duration;
use super::issuers::IssuerSettings;
use super::key::KeySetting;
use super::key_table::{KeyTable, take_keys};
use super::table::Table;
use crate::error::StartupError;

/// All keys in the settings, and how often their files are checked.
pub(crate) struct KeySettings {
    /// The app's own keys. The inline key comes first, if there is one.
    pub(crate) own: Vec<KeySetting>,
    /// The trusted issuers.
    pub(crate) issuers: Vec<IssuerSettings>,
    /// The algorithm of the inline key. If the app has no key, this is the algorithm that lacks one.
    pub(crate) algorithm: Algorithm,
    /// How often the key files are checked. `None` means never.
    pub(crate) reload_every: Option<Duration>,
}

impl KeySettings {
    pub(super) fn take(table: &mut Table, issuer: Option<&str>) -> Result<Self, StartupError> {
        let inline = KeyTable::take(table)?;
        let algorithm = inline.algorithm();
        let own = take_keys(table, "", inline)?;
        let issuers = IssuerSettings::take(table, issuer)?;
        // Soon enough for an operator who replaces a key, and rare enough to cost almost nothing.
        let reload_every = table
            .take("reload_keys", "\"10s\"", |v| {
                duration::duration_or_zero(v, Duration::from_millis(100)..=Duration::from_secs(24 * 60 * 60))
            })?
            .unwrap_or(Duration::from_secs(10));
        Ok(Self { own, issuers, algorithm, reload_every: (!reload_every.is_zero()).then_some(reload_every) })
    }

    /// Returns whether the inline key is a secret.
    pub(crate) fn has_secret(&self) -> bool {
        self.own.first().is_some_and(KeySetting::is_inline_secret)
    }

    /// Returns the files that contain keys.
    pub(crate) fn files(&self) -> impl Iterator<Item = &PathBuf> {
        let keys = self.own.iter().chain(self.issuers.iter().flat_map(|issuer| &issuer.keys));
        keys.flat_map(|key| key.encoding.files())
    }
}

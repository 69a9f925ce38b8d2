//! The settings that say which keys there are. What they hold is looked at when the keys are made of it.

use std::path::PathBuf;
use std::time::Duration;

use jsonwebtoken::Algorithm;

use super::issuers::IssuerSettings;
use super::secret::Secret;
use super::table::Table;
use super::value;
use super::written::{EXAMPLE, Written};
use crate::clock::Timestamp;
use crate::error::StartupError;

/// Every key of the settings, and how often its file is looked at.
#[derive(Default)]
pub(crate) struct KeySettings {
    /// The keys of this app: first that of the short form, if there is one.
    pub(crate) own: Vec<KeySetting>,
    /// Whose tokens count, too.
    pub(crate) issuers: Vec<IssuerSettings>,
    /// What an app without any key lacks one for.
    pub(crate) algorithm: Algorithm,
    /// Never, without it.
    pub(crate) reload_every: Option<Duration>,
}

/// One key, or the keys of a set.
pub(crate) struct KeySetting {
    /// What stands before the names of its settings: nothing, or `keys[0].`, for example.
    pub(super) place: String,
    pub(crate) algorithm: Option<Algorithm>,
    pub(crate) material: Material,
    pub(crate) kid: Option<String>,
    pub(crate) not_before: Option<Timestamp>,
    pub(crate) retire_at: Option<Timestamp>,
}

/// How a key is written.
pub(crate) enum Material {
    Secret(Secret<Vec<u8>>),
    /// PEM of the private key, of the public one, or of both.
    Pem {
        private: Option<Text>,
        public: Option<Text>,
    },
    Jwk(Text),
    Jwks(Text),
}

/// Text that stands in the settings, or the file that holds it.
pub(crate) enum Text {
    Inline(Secret<String>),
    File {
        path: PathBuf,
        /// Whether the path may be shown: what stands there could be a key that was not recognised as one.
        is_path: bool,
    },
}

impl KeySettings {
    pub(super) fn take(table: &mut Table, issuer: Option<&str>) -> Result<Self, StartupError> {
        let written = Written::take(table)?;
        let algorithm = written.algorithm();
        let own = take_keys(table, "", written)?;
        let issuers = IssuerSettings::take(table, issuer)?;
        // Soon enough for whoever changes a key, seldom enough that nobody notices.
        let reload_every = table
            .take("reload_keys", "\"10s\"", |v| {
                value::duration_or_zero(v, Duration::from_millis(100)..=Duration::from_secs(24 * 60 * 60))
            })?
            .unwrap_or(Duration::from_secs(10));
        Ok(Self { own, issuers, algorithm, reload_every: (!reload_every.is_zero()).then_some(reload_every) })
    }

    /// The secret of the short form.
    pub(crate) fn has_secret(&self) -> bool {
        matches!(self.own.first(), Some(KeySetting { place, material: Material::Secret(_), .. }) if place.is_empty())
    }

    /// The files that hold keys.
    pub(crate) fn files(&self) -> impl Iterator<Item = &PathBuf> {
        let keys = self.own.iter().chain(self.issuers.iter().flat_map(|issuer| &issuer.keys));
        keys.flat_map(|key| key.material.texts()).filter_map(|text| match text {
            Text::File { path, .. } => Some(path),
            Text::Inline(_) => None,
        })
    }
}

/// The key of the short form, which was read, and those of the list `keys`.
pub(super) fn take_keys(
    table: &mut Table,
    place: &str,
    written: Written,
) -> Result<Vec<KeySetting>, StartupError> {
    let algorithm = written.algorithm();
    let mut keys = Vec::new();
    keys.extend(written.short_form(place, algorithm)?);
    for (number, mut table) in table.take_tables("keys", &format!("[{EXAMPLE}]"))?.into_iter().enumerate() {
        let written = Written::take(&mut table)?;
        table.finish()?;
        keys.push(written.entry(format!("{place}keys[{number}]."), algorithm)?);
    }
    Ok(keys)
}

impl KeySetting {
    /// One of its settings, by its whole name.
    pub(crate) fn name(&self, setting: &str) -> String {
        format!("{}{setting}", self.place)
    }

    /// The name of the setting that holds the key itself.
    pub(crate) fn material_name(&self) -> String {
        self.name(self.material.setting())
    }

    /// What is wrong with one of its settings.
    pub(crate) fn wrong(&self, setting: &str, problem: impl Into<String>, example: &str) -> StartupError {
        StartupError::setting(&self.name(setting), problem, example)
    }
}

impl Material {
    fn setting(&self) -> &'static str {
        match self {
            Self::Secret(_) => "secret",
            Self::Pem { private: Some(_), .. } => "private_key",
            Self::Pem { private: None, .. } => "public_key",
            Self::Jwk(_) => "jwk",
            Self::Jwks(_) => "jwks",
        }
    }

    fn texts(&self) -> impl Iterator<Item = &Text> {
        let (one, other) = match self {
            Self::Secret(_) => (None, None),
            Self::Pem { private, public } => (private.as_ref(), public.as_ref()),
            Self::Jwk(text) | Self::Jwks(text) => (Some(text), None),
        };
        one.into_iter().chain(other)
    }
}

//! A key as the settings describe it. It is parsed only when the keyring is built.

use std::path::PathBuf;

use jsonwebtoken::Algorithm;

use super::secret::Secret;
use crate::clock::Timestamp;
use crate::error::StartupError;

/// A key, or the keys of a JWK Set.
pub(crate) struct KeySetting {
    /// The prefix of the names of its settings: empty, or for example `keys[0].`.
    pub(super) place: String,
    pub(crate) algorithm: Option<Algorithm>,
    pub(crate) encoding: KeyEncoding,
    pub(crate) kid: Option<String>,
    pub(crate) not_before: Option<Timestamp>,
    pub(crate) retire_at: Option<Timestamp>,
}

/// The encoding of a key.
pub(crate) enum KeyEncoding {
    Secret(Secret<Vec<u8>>),
    /// The file that contains a secret.
    SecretFile(KeyText),
    /// PEM of the private key, the public key, or both.
    Pem {
        private: Option<KeyText>,
        public: Option<KeyText>,
    },
    Jwk(KeyText),
    Jwks(KeyText),
}

/// The text of a key, or the file that contains it.
pub(crate) enum KeyText {
    Inline(Secret<String>),
    File {
        path: PathBuf,
        /// Whether the path may be shown. It may not if it could be a key that was not recognized as one.
        is_path: bool,
    },
}

impl KeySetting {
    /// Returns the full name of one of its settings.
    pub(crate) fn name(&self, setting: &str) -> String {
        format!("{}{setting}", self.place)
    }

    /// Returns the full name of the setting that contains the key itself.
    pub(crate) fn key_name(&self) -> String {
        self.name(self.encoding.setting())
    }

    /// Returns an error about one of its settings.
    pub(crate) fn error(&self, setting: &str, problem: impl Into<String>, example: &str) -> StartupError {
        StartupError::setting(&self.name(setting), problem, example)
    }

    /// Returns whether this is the secret at the top level of the settings.
    pub(super) fn is_inline_secret(&self) -> bool {
        self.place.is_empty() && matches!(self.encoding, KeyEncoding::Secret(_))
    }
}

impl KeyEncoding {
    fn setting(&self) -> &'static str {
        match self {
            Self::Secret(_) => "secret",
            Self::SecretFile(_) => "secret_file",
            Self::Pem { private: Some(_), .. } => "private_key",
            Self::Pem { private: None, .. } => "public_key",
            Self::Jwk(_) => "jwk",
            Self::Jwks(_) => "jwks",
        }
    }

    /// Returns the files that contain the key.
    pub(super) fn files(&self) -> impl Iterator<Item = &PathBuf> {
        let (one, other) = match self {
            Self::Secret(_) => (None, None),
            Self::Pem { private, public } => (private.as_ref(), public.as_ref()),
            Self::SecretFile(text) | Self::Jwk(text) | Self::Jwks(text) => (Some(text), None),
        };
        one.into_iter().chain(other).filter_map(|text| match text {
            KeyText::File { path, .. } => Some(path),
            KeyText::Inline(_) => None,
        })
    }
}

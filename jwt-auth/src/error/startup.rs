//! Why an app does not launch.

use super::store::StoreError;

/// A misconfiguration that stops the launch. Each message says what to set.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartupError {
    /// A setting has an invalid value.
    #[error("{name} {problem}; for example: {example}")]
    Setting {
        /// The setting, and where it was found.
        name: String,
        /// What is wrong with its value. Never repeats the value, which may be a secret.
        problem: String,
        /// A valid example.
        example: String,
    },
    /// No setting has this name.
    #[error("{name} is not a setting; the settings are: {known}")]
    UnknownSetting {
        /// What was set, and where it was found.
        name: String,
        /// The settings that exist.
        known: String,
    },
    /// No key signs tokens.
    #[error(
        "no key to sign tokens: set `secret` in [default.jwt_auth] of Rocket.toml, or the variable \
         JWT_SECRET_KEY, to the output of `openssl rand -base64 48`; or set `private_key` and `algorithm`"
    )]
    MissingSecret,
    /// The session store cannot be used.
    #[error("{what}")]
    Store {
        /// What failed.
        what: String,
        /// Why.
        source: StoreError,
    },
}

impl StartupError {
    /// `name` is the bare name of a setting or of a variable.
    pub(crate) fn setting(name: &str, problem: impl Into<String>, example: &str) -> Self {
        Self::setting_at(format!("`{name}`"), problem, example)
    }

    /// `name` also says where the setting was found.
    pub(crate) fn setting_at(name: String, problem: impl Into<String>, example: &str) -> Self {
        Self::Setting { name, problem: problem.into(), example: example.to_owned() }
    }
}

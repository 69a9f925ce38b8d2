//! Why an app does not launch.

use super::store::StoreError;

/// A misconfiguration that stops the launch. Each says what to set.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartupError {
    /// A setting is wrong.
    #[error("{name} {problem}; for example: {example}")]
    Setting {
        /// The setting, and where it was found.
        name: String,
        /// What is wrong with it. The value itself is not repeated.
        problem: String,
        /// A right one.
        example: String,
    },
    /// There is no such setting.
    #[error("{name} is not a setting; there are: {known}")]
    UnknownSetting {
        /// What was set, and where it was found.
        name: String,
        /// The settings that there are.
        known: String,
    },
    /// There is no secret.
    #[error(
        "there is no key to sign tokens with: set `secret` in [default.jwt_auth] of Rocket.toml, or the variable \
         JWT_SECRET_KEY, to the output of `openssl rand -base64 48`; or set `private_key` and `algorithm`"
    )]
    MissingSecret,
    /// The store of the refresh tokens cannot be used.
    #[error("{what}")]
    Store {
        /// What was tried.
        what: String,
        /// What came of it.
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

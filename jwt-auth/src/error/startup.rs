//! Errors that stop the launch.

use super::store::StoreError;

/// A misconfiguration that stops the launch. Each message says what to set.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartupError {
    /// A setting has an invalid value.
    #[error("{name} {problem}; for example: {example}")]
    Setting {
        /// The name of the setting, and where it was found.
        name: String,
        /// The problem with its value. It never repeats the value, which may be a secret.
        problem: String,
        /// A valid example.
        example: String,
    },
    /// No setting has this name.
    #[error("{name} is not a setting{}; the settings are: {known}", did_you_mean(*.suggestion))]
    UnknownSetting {
        /// The name that was set, and where it was found.
        name: String,
        /// The setting that was probably meant.
        suggestion: Option<&'static str>,
        /// The settings that exist.
        known: String,
    },
    /// There is no key to sign tokens.
    #[error(
        "no key to sign tokens: set `secret` in [default.jwt_auth] of Rocket.toml, or the variable \
         JWT_SECRET_KEY, to the output of `openssl rand -base64 48`; or set `private_key` and `algorithm`"
    )]
    MissingSecret,
    /// The session store cannot be used.
    #[error("{what}")]
    Store {
        /// The step that failed.
        what: String,
        /// The cause.
        source: StoreError,
    },
}

fn did_you_mean(suggestion: Option<&str>) -> String {
    suggestion.map_or_else(String::new, |name| format!(": did you mean `{name}`?"))
}

impl StartupError {
    /// Creates an error about a setting. `name` is the bare name of the setting or of the variable.
    pub(crate) fn setting(name: &str, problem: impl Into<String>, example: &str) -> Self {
        Self::setting_at(format!("`{name}`"), problem, example)
    }

    /// Creates an error about a setting whose `name` also says where it was found.
    pub(crate) fn setting_at(name: String, problem: impl Into<String>, example: &str) -> Self {
        Self::Setting { name, problem: problem.into(), example: example.to_owned() }
    }
}

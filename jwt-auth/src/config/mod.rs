//! The settings. They come from `[default.jwt_auth]` in `Rocket.toml`, from `ROCKET_JWT_AUTH={…}`, which overrides it,
//! and with the lowest priority from the environment variables of `fastapi_framework`.
//!
//! Each part of the app receives only the settings that it needs.

mod cookies;
mod duration;
mod env;
mod issuers;
mod key;
mod key_table;
mod keys;
mod misplaced;
mod origin;
mod redis;
mod redis_url;
mod revocation;
mod secret;
mod sessions;
mod store;
mod table;
mod throttle;
mod tokens;
mod value;

use rocket::figment::Figment;

use crate::error::StartupError;
pub(crate) use cookies::{CookieSettings, NOT_A_PAGE, is_page};
pub(crate) use duration::{LONGEST as LONGEST_LIFETIME, spoken};
pub(crate) use issuers::IssuerSettings;
#[cfg(feature = "remote")]
pub(crate) use issuers::{RemoteSettings, RemoteSource};
pub(crate) use key::{KeyEncoding, KeySetting, KeyText};
pub(crate) use keys::KeySettings;
pub(crate) use misplaced::misplaced;
pub(crate) use redis::Redis;
#[cfg(feature = "redis")]
pub(crate) use redis_url::redis_url_problem;
pub(crate) use revocation::{RevocationMode, RevocationSettings, WhenStale};
pub(crate) use secret::Secret;
pub(crate) use sessions::SessionSettings;
pub(crate) use store::StoreSettings;
use table::Table;
pub use throttle::Budget;
pub(crate) use throttle::ThrottleSettings;
pub(crate) use tokens::{TokenCacheSettings, TokenSettings, is_reserved};
#[cfg(feature = "remote")]
pub(crate) use value::may_be_shown;
pub(crate) use value::{FastapiFramework, LONGEST_TOKEN, secret_from};

/// The configuration of an app.
pub(crate) struct Settings {
    pub(crate) keys: KeySettings,
    pub(crate) tokens: TokenSettings,
    pub(crate) token_cache: TokenCacheSettings,
    pub(crate) sessions: SessionSettings,
    pub(crate) revocation: RevocationSettings,
    pub(crate) store: StoreSettings,
    pub(crate) throttle: ThrottleSettings,
    /// `None`: the settings do not turn cookies on.
    pub(crate) cookies: Option<CookieSettings>,
    pub(crate) realm: String,
    pub(crate) fastapi_framework: Option<FastapiFramework>,
}

impl Settings {
    /// Reads every setting.
    ///
    /// # Errors
    ///
    /// A setting is invalid. The error describes the first one: its name, its origin, the problem, and an example.
    pub(crate) fn read(figment: &Figment) -> Result<Self, StartupError> {
        Self::from_table(Table::new(figment, &|name| std::env::var(name).ok())?)
    }

    /// Adds where a setting was found to an error about it, which may have come up long after the setting was read.
    pub(crate) fn locate(error: StartupError, figment: &Figment) -> StartupError {
        match Table::new(figment, &|name| std::env::var(name).ok()) {
            Ok(table) => table.locate(error),
            Err(_) => error,
        }
    }

    /// Reads every setting except those for keys and for Redis.
    ///
    /// # Errors
    ///
    /// Same as for [`read`](Self::read).
    pub(crate) fn read_for_tests(figment: &Figment) -> Result<Self, StartupError> {
        let mut table = Table::new(figment, &|_| None)?;
        table.forget(&key_table::NAMES);
        table.forget(&["keys", "reload_keys", "redis", "wait_replicas", "fastapi_framework"]);
        let mut settings = Self::from_table(table)?;
        settings.keys.issuers.iter_mut().for_each(IssuerSettings::forget_keys);
        Ok(settings)
    }

    fn from_table(mut table: Table) -> Result<Self, StartupError> {
        let fastapi_framework = table.take("fastapi_framework", "\"issue\"", value::fastapi_framework)?;
        let tokens = TokenSettings::take(&mut table, fastapi_framework)?;
        let sessions = SessionSettings::take(&mut table, fastapi_framework, tokens.access_ttl)?;
        let settings = Self {
            keys: KeySettings::take(&mut table, tokens.issuer.as_deref())?,
            tokens,
            token_cache: TokenCacheSettings::take(&mut table)?,
            sessions,
            revocation: RevocationSettings::take(&mut table)?,
            store: StoreSettings::take(&mut table)?,
            throttle: ThrottleSettings::take(&mut table)?,
            cookies: CookieSettings::take(&mut table)?,
            realm: table.take("realm", "\"api\"", value::quotable)?.unwrap_or_else(|| "api".to_owned()),
            fastapi_framework,
        };
        table.finish()?;
        Ok(settings)
    }
}

#[cfg(test)]
mod guide_tests;
#[cfg(test)]
mod origin_tests;
#[cfg(test)]
mod tests;

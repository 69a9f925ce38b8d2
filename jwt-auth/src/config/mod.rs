//! The settings: `[default.jwt_auth]` in `Rocket.toml`, `ROCKET_JWT_AUTH={…}`, and beneath them the
//! environment variables of the Python system that this one grew from.

mod env;
mod issuers;
mod keys;
mod redis;
mod secret;
mod table;
mod value;
mod written;

use std::time::Duration;

use rocket::figment::Figment;

use crate::error::StartupError;
pub(crate) use issuers::IssuerSettings;
#[cfg(feature = "remote")]
pub(crate) use issuers::{RemoteSettings, RemoteSource};
pub(crate) use keys::{KeySetting, KeySettings, Material, Text};
pub(crate) use redis::Redis;
pub(crate) use secret::Secret;
use table::Table;
#[cfg(feature = "remote")]
pub(crate) use value::may_be_shown;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// They stand in every token, beside claims that have a limit of their own.
const LONGEST_NAMES: usize = 1024;

/// What an app is configured to do. Each default stands here, with its reason.
pub(crate) struct Settings {
    pub(crate) keys: KeySettings,
    pub(crate) issuer: Option<String>,
    pub(crate) audience: Vec<String>,
    pub(crate) leeway: Duration,
    pub(crate) access_ttl: Duration,
    pub(crate) refresh_ttl: Duration,
    pub(crate) session_ttl: Duration,
    pub(crate) reuse_grace: Duration,
    pub(crate) max_sessions: usize,
    pub(crate) revocation: Revocation,
    pub(crate) stale_after: Duration,
    pub(crate) when_stale: WhenStale,
    pub(crate) redis: Option<Redis>,
    #[cfg_attr(not(feature = "redis"), allow(dead_code, reason = "only Redis has replicas"))]
    pub(crate) wait_replicas: usize,
    #[cfg_attr(not(feature = "redis"), allow(dead_code, reason = "only Redis has keys"))]
    pub(crate) prefix: String,
    pub(crate) store_timeout: Duration,
    pub(crate) realm: String,
    pub(crate) token_cache: TokenCache,
    pub(crate) fastapi_framework: Option<FastapiFramework>,
}

/// How tokens are remembered whose signature was good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TokenCache {
    /// About how much memory it may take; none, and there is none.
    pub(crate) bytes: u64,
    /// Whether it is of use also where all keys are secrets.
    pub(crate) secrets: bool,
}

/// How access tokens of a session that was ended are found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Revocation {
    /// Not at all.
    Off,
    /// In process, told by the store's feed.
    Push,
    /// By asking the store on each request.
    Strict,
}

/// What happens to requests when the feed was not heard for too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WhenStale {
    /// They go on with what is known.
    Continue,
    /// They are answered 503.
    Refuse,
}

/// What there is in common with a service on fastapi_framework.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FastapiFramework {
    /// It is live: tokens are issued in its format.
    Issue,
    /// It is gone: its tokens are still accepted.
    Accept,
}

impl Settings {
    /// Reads every setting.
    ///
    /// # Errors
    ///
    /// The first that is wrong: its key, where it came from, what is wrong and an example.
    pub(crate) fn read(figment: &Figment) -> Result<Self, StartupError> {
        Self::from_table(Table::new(figment, &|name| std::env::var(name).ok())?)
    }

    /// Reads every setting but those that say which keys and which Redis.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub(crate) fn read_for_tests(figment: &Figment) -> Result<Self, StartupError> {
        let mut table = Table::new(figment, &|_| None)?;
        table.forget(&written::NAMES);
        table.forget(&["keys", "reload_keys", "redis", "wait_replicas", "fastapi_framework"]);
        let mut settings = Self::from_table(table)?;
        settings.keys.issuers.iter_mut().for_each(IssuerSettings::forget_keys);
        Ok(settings)
    }

    fn from_table(mut table: Table) -> Result<Self, StartupError> {
        let fastapi_framework = table.take("fastapi_framework", "\"issue\"", value::fastapi_framework)?;
        let issuer = table.take("issuer", "\"https://auth.example.com\"", value::text)?;
        let keys = KeySettings::take(&mut table, issuer.as_deref())?;
        let audience =
            table.take("audience", "[\"https://api.example.com\"]", value::texts)?.unwrap_or_default();
        // Ten seconds is the skew that FAPI 2.0 asks servers to accept; clocks kept by NTP differ less.
        let leeway = table
            .take("leeway", "\"10s\"", |v| value::duration(v, Duration::ZERO..=MINUTE))?
            .unwrap_or(Duration::from_secs(10));

        let (access_default, refresh_default) = match fastapi_framework {
            // Short enough that a leaked token soon dies, long enough that refreshing stays rare. Two
            // weeks away from an app, and its user signs in again.
            None => (15 * MINUTE, 14 * DAY),
            // What the other service takes where its variables are not set either.
            Some(_) => (30 * MINUTE, 6 * HOUR),
        };
        let access_ttl = table.take("access_ttl", "\"15m\"", value::lifetime)?.unwrap_or(access_default);
        let refresh_ttl = table.take("refresh_ttl", "\"14d\"", value::lifetime)?.unwrap_or(refresh_default);
        // A season: a stolen session does not live on for ever however often it is used. A longer
        // `refresh_ttl` that says nothing of this one is taken at its word.
        let session_ttl = table
            .take("session_ttl", "\"90d\"", |v| value::duration(v, refresh_ttl..=value::LONGEST))?
            .unwrap_or((90 * DAY).max(refresh_ttl));
        // What Okta and SuperTokens give a client to ask again when an answer was lost on its way.
        let reuse_grace = table
            .take("reuse_grace", "\"30s\"", |v| value::duration(v, Duration::ZERO..=5 * MINUTE))?
            .unwrap_or(Duration::from_secs(30));

        // More devices than a person has, few enough that a login loop fills no memory.
        let max_sessions = table.take("max_sessions", "100", |v| value::count(v, 1..=10_000))?.unwrap_or(100);

        // It costs no request a round trip.
        let revocation = table.take("revocation", "\"push\"", value::revocation)?.unwrap_or(Revocation::Push);
        // Ten times as long as a process that is connected goes without hearing.
        let stale_after = table
            .take("stale_after", "\"10s\"", |v| value::duration(v, Duration::from_secs(3)..=value::LONGEST))?
            .unwrap_or(Duration::from_secs(10));
        // Redis away is no reason to refuse tokens that most likely nobody revoked.
        let when_stale =
            table.take("when_stale", "\"continue\"", value::when_stale)?.unwrap_or(WhenStale::Continue);

        let redis = table.take("redis", "\"redis://127.0.0.1:6379/0\"", redis::redis)?;
        // Most Redis have no replica, and one that has answers a logout sooner without it.
        let wait_replicas = table.take("wait_replicas", "1", |v| value::count(v, 0..=10))?.unwrap_or(0);
        let prefix =
            table.take("prefix", "\"jwt-auth\"", value::prefix)?.unwrap_or_else(|| "jwt-auth".to_owned());
        // A hundred times what a healthy Redis takes, and still an answer that a person waits for.
        let store_timeout = table
            .take("store_timeout", "\"500ms\"", |v| value::duration(v, Duration::from_millis(1)..=MINUTE))?
            .unwrap_or(Duration::from_millis(500));
        let realm = table.take("realm", "\"api\"", value::quotable)?.unwrap_or_else(|| "api".to_owned());

        // Ten thousand tokens of this crate's. What a secret signed is verified about as fast as it is found, so
        // that is remembered only where somebody asks for it.
        let token_cache = table.take("token_cache", "\"16MiB\"", value::bytes)?;
        let token_cache =
            TokenCache { bytes: token_cache.unwrap_or(16 << 20), secrets: token_cache.is_some() };

        table.finish()?;
        let names = issuer.iter().chain(&audience).map(String::len).sum::<usize>();
        if names > LONGEST_NAMES {
            let problem =
                format!("and `issuer` together have {names} bytes, and {LONGEST_NAMES} are the most");
            return Err(StartupError::setting("audience", problem, "audience = \"https://api.example.com\""));
        }
        Ok(Self {
            keys,
            issuer,
            audience,
            leeway,
            access_ttl,
            refresh_ttl,
            session_ttl,
            reuse_grace,
            max_sessions,
            revocation,
            stale_after,
            when_stale,
            redis,
            wait_replicas,
            prefix,
            store_timeout,
            realm,
            token_cache,
            fastapi_framework,
        })
    }
}

#[cfg(test)]
mod tests;

//! The settings that apply to every token.

use std::time::Duration;

use super::duration::{self, MINUTE};
use super::table::Table;
use super::value::{self, FastapiFramework};
use crate::error::StartupError;

/// The maximum length of `issuer` and `audience` together. Every token contains them, and the claims have a limit of
/// their own.
const LONGEST_NAMES: usize = 1024;

/// The audience of refresh tokens if the app has no `audience`, and otherwise the prefix of their audiences.
const REFRESH: &str = "refresh";

/// What the app writes into its tokens and requires of them.
pub(crate) struct TokenSettings {
    pub(crate) issuer: Option<String>,
    pub(crate) audience: Vec<String>,
    pub(crate) leeway: Duration,
    pub(crate) access_ttl: Duration,
}

/// How verified tokens are cached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TokenCacheSettings {
    /// The approximate memory limit. 0 turns the cache off.
    pub(crate) bytes: u64,
}

impl TokenSettings {
    pub(super) fn take(
        table: &mut Table,
        fastapi_framework: Option<FastapiFramework>,
    ) -> Result<Self, StartupError> {
        let issuer = table.take("issuer", "\"https://auth.example.com\"", value::text)?;
        let audience =
            table.take("audience", "[\"https://api.example.com\"]", value::texts)?.unwrap_or_default();
        // FAPI 2.0 asks servers to accept a skew of ten seconds. Clocks that NTP synchronizes differ by less.
        let leeway = table
            .take("leeway", "\"10s\"", |v| duration::duration(v, Duration::ZERO..=MINUTE))?
            .unwrap_or(Duration::from_secs(10));
        let access_ttl =
            table.take("access_ttl", "\"15m\"", duration::lifetime)?.unwrap_or(match fastapi_framework {
                // Short enough that a leaked token expires soon, but long enough that refreshes stay rare.
                None => 15 * MINUTE,
                // The default of the other service.
                Some(_) => 30 * MINUTE,
            });
        let names = issuer.iter().chain(&audience).map(String::len).sum::<usize>();
        if names > LONGEST_NAMES {
            let problem = format!("and `issuer` together have {names} bytes; the maximum is {LONGEST_NAMES}");
            return Err(StartupError::setting("audience", problem, "audience = \"https://api.example.com\""));
        }
        if let Some(reserved) = audience.iter().find(|audience| is_reserved(audience)) {
            let problem = format!(
                "names {reserved:?}, but `{REFRESH}` and names that begin with `{REFRESH}:` are reserved for refresh \
                 tokens"
            );
            return Err(StartupError::setting("audience", problem, "audience = \"https://api.example.com\""));
        }
        Ok(Self { issuer, audience, leeway, access_ttl })
    }

    /// Returns the audience of refresh tokens. It differs from that of access tokens, so that services that verify
    /// access tokens by their key, issuer and audience reject refresh tokens (RFC 8725, section 3.9).
    pub(crate) fn refresh_audience(&self) -> Vec<String> {
        match &self.audience[..] {
            [] => vec![REFRESH.to_owned()],
            audience => audience.iter().map(|name| format!("{REFRESH}:{name}")).collect(),
        }
    }
}

/// Returns whether an audience is reserved for refresh tokens.
pub(crate) fn is_reserved(audience: &str) -> bool {
    audience.strip_prefix(REFRESH).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

impl TokenCacheSettings {
    pub(super) fn take(table: &mut Table) -> Result<Self, StartupError> {
        let bytes = table.take("token_cache", "\"16MiB\"", value::bytes)?;
        // Room for about ten thousand tokens.
        Ok(Self { bytes: bytes.unwrap_or(16 << 20) })
    }
}

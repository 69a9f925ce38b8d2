//! The settings of revocation.

use std::time::Duration;

use super::table::{Entry, Table};
use super::value;
use crate::error::StartupError;

/// How revoked access tokens are recognized.
#[derive(Clone, Copy)]
pub(crate) struct RevocationSettings {
    pub(crate) mode: RevocationMode,
    pub(crate) stale_after: Duration,
    pub(crate) when_stale: WhenStale,
}

/// Where a revoked access token is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RevocationMode {
    /// Nowhere.
    Off,
    /// In process. The store's feed tells what other processes revoke.
    Push,
    /// In the store, on each request.
    Strict,
}

/// What happens to requests while the feed is stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WhenStale {
    /// They continue with what is known.
    Continue,
    /// They are answered 503.
    Refuse,
}

impl RevocationSettings {
    pub(super) fn take(table: &mut Table) -> Result<Self, StartupError> {
        Ok(Self {
            // It costs no request a round trip.
            mode: table.take("revocation", "\"push\"", mode)?.unwrap_or(RevocationMode::Push),
            // Ten times as long as a connected process goes without an answer.
            stale_after: table
                .take("stale_after", "\"10s\"", |v| {
                    value::duration(v, Duration::from_secs(3)..=value::LONGEST)
                })?
                .unwrap_or(Duration::from_secs(10)),
            // Almost no token is revoked, so an unavailable Redis is no reason to reject all of them.
            when_stale: table.take("when_stale", "\"continue\"", when_stale)?.unwrap_or(WhenStale::Continue),
        })
    }
}

fn mode(entry: &Entry) -> Result<RevocationMode, String> {
    match entry.value.as_str() {
        Some("off") => Ok(RevocationMode::Off),
        Some("push") => Ok(RevocationMode::Push),
        Some("strict") => Ok(RevocationMode::Strict),
        _ => Err("must be \"off\", \"push\" or \"strict\"".to_owned()),
    }
}

fn when_stale(entry: &Entry) -> Result<WhenStale, String> {
    match entry.value.as_str() {
        Some("continue") => Ok(WhenStale::Continue),
        Some("refuse") => Ok(WhenStale::Refuse),
        _ => Err("must be \"continue\" or \"refuse\"".to_owned()),
    }
}

//! The revocation settings.

use std::time::Duration;

use super::duration;
use super::table::{Entry, Table};
use crate::error::StartupError;

/// How revoked access tokens are recognized.
#[derive(Clone, Copy)]
pub(crate) struct RevocationSettings {
    pub(crate) mode: RevocationMode,
    pub(crate) stale_after: Duration,
    pub(crate) when_stale: WhenStale,
}

/// Where revoked access tokens are looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RevocationMode {
    /// Nowhere.
    Off,
    /// In the memory of the process. The store's feed delivers the revocations of other processes.
    Push,
    /// In the store, on each request.
    Strict,
}

/// What happens to requests while the feed is stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WhenStale {
    /// They are decided based on the known revocations.
    Continue,
    /// They are answered with 503.
    Refuse,
}

impl RevocationSettings {
    pub(super) fn take(table: &mut Table) -> Result<Self, StartupError> {
        Ok(Self {
            // No request needs a round trip to the store.
            mode: table.take("revocation", "\"push\"", mode)?.unwrap_or(RevocationMode::Push),
            // The feed answers a connected process at least once per second. This is ten times as long.
            stale_after: table
                .take("stale_after", "\"10s\"", |v| {
                    duration::duration(v, Duration::from_secs(3)..=duration::LONGEST)
                })?
                .unwrap_or(Duration::from_secs(10)),
            // Very few tokens are revoked, so an unavailable Redis is no reason to reject all of them.
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

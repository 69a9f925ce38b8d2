//! The settings of the session store.

use std::time::Duration;

use super::duration::{self, MINUTE};
use super::redis::{self, Redis};
use super::table::Table;
use super::value;
use crate::error::StartupError;

/// Where sessions are stored, and how long the store may take to answer.
pub(crate) struct StoreSettings {
    pub(crate) redis: Option<Redis>,
    #[cfg_attr(not(feature = "redis"), allow(dead_code, reason = "only Redis has keys"))]
    pub(crate) prefix: String,
    pub(crate) wait_replicas: usize,
    pub(crate) timeout: Duration,
}

impl StoreSettings {
    pub(super) fn take(table: &mut Table) -> Result<Self, StartupError> {
        Ok(Self {
            redis: table.take("redis", "\"redis://127.0.0.1:6379/0\"", redis::redis)?,
            prefix: table
                .take("prefix", "\"jwt-auth\"", value::prefix)?
                .unwrap_or_else(|| "jwt-auth".to_owned()),
            // Most Redis servers have no replicas, and those that do answer a logout sooner without waiting for them.
            wait_replicas: table.take("wait_replicas", "1", |v| value::count(v, 0..=10))?.unwrap_or(0),
            // A hundred times as long as a healthy Redis takes, but short enough that a person still waits for the
            // response.
            timeout: table
                .take("store_timeout", "\"500ms\"", |v| {
                    duration::duration(v, Duration::from_millis(1)..=MINUTE)
                })?
                .unwrap_or(Duration::from_millis(500)),
        })
    }
}

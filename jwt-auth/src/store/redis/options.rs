//! The options of the store.

use std::time::Duration;

/// The options of a [`RedisStore`](super::RedisStore).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RedisOptions {
    /// The prefix of all keys. The default is `jwt-auth`.
    pub prefix: String,
    /// The time limit for one answer of Redis. The default is 500 milliseconds.
    pub timeout: Duration,
    /// The number of replicas that must acknowledge a logout, or the revocation of an access token, before it succeeds.
    /// The default is 0. If too few of them acknowledge it within a quarter of `timeout`, the result is
    /// [`StoreError::Unreplicated`](crate::error::StoreError::Unreplicated), and the call can be retried. A login that ends other sessions to make room does
    /// not wait.
    pub wait_replicas: usize,
}

impl Default for RedisOptions {
    /// Returns the defaults, which are those of the settings.
    fn default() -> Self {
        Self { prefix: "jwt-auth".to_owned(), timeout: Duration::from_millis(500), wait_replicas: 0 }
    }
}

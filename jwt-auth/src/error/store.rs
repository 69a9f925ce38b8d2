//! Errors of session stores.

use std::sync::Arc;
use std::time::Duration;

type Cause = Arc<dyn std::error::Error + Send + Sync>;

/// A store operation failed. The store may still have carried it out.
///
/// The request is answered with 503 and `Retry-After`. Retrying is safe, unless `reuse_grace` is `"0s"`: then a refresh
/// may have replaced the token.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The store is unavailable, or rejected the operation.
    #[error("the store failed")]
    Failed(#[source] Cause),
    /// The store did not answer in time.
    #[error("the store did not answer within {0:?}")]
    TimedOut(Duration),
    /// The store was not called, because the maximum number of calls are already waiting for it. It is slow or
    /// unavailable.
    #[error("the store was not called: {0} calls are already waiting for it, which is the maximum")]
    Busy(usize),
    /// The store carried out the operation, but too few replicas have acknowledged it, so a failover may undo it.
    #[error("only {acknowledged} of {wanted} replicas have acknowledged the write")]
    Unreplicated {
        /// The number of replicas that have acknowledged it.
        acknowledged: usize,
        /// The number of replicas that must acknowledge it: the setting `wait_replicas`.
        wanted: usize,
    },
    /// The store returned data that this crate did not write.
    #[error("the store contains unexpected data: {0}")]
    Corrupt(&'static str),
}

impl StoreError {
    /// Wraps the error of the library that a store is built on.
    pub fn new(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Failed(Arc::new(cause))
    }
}

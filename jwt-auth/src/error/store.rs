//! Why a store did not answer.

use std::sync::Arc;
use std::time::Duration;

type Cause = Arc<dyn std::error::Error + Send + Sync>;

/// A store did not do what it was asked to do. The operation may still have been carried out.
///
/// The request is answered 503 with `Retry-After`. Retrying is safe, except that a refresh with `reuse_grace = "0s"` may
/// have replaced the token.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The store is unavailable, or rejected the operation.
    #[error("the store failed")]
    Failed(#[source] Cause),
    /// The store did not answer in time.
    #[error("the store did not answer within {0:?}")]
    TimedOut(Duration),
    /// The store was not asked: the maximum number of calls are already waiting for it, because it is slow or
    /// unavailable.
    #[error("the store was not asked: {0} calls are already waiting for it, which is the maximum")]
    Busy(usize),
    /// The store did it, but too few replicas have acknowledged it: a failover may undo it.
    #[error("only {acknowledged} of {wanted} replicas have acknowledged the write")]
    Unreplicated {
        /// How many have acknowledged it.
        acknowledged: usize,
        /// How many must: the setting `wait_replicas`.
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

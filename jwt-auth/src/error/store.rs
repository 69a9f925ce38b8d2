//! Why a store gave no answer.

use std::sync::Arc;
use std::time::Duration;

type Cause = Arc<dyn std::error::Error + Send + Sync>;

/// A store could not do what was asked. Whether it did it after all is unknown.
///
/// A request that meets one is answered 503 with `Retry-After`: nothing is taken for granted. Asking
/// again is safe, for a refresh within `reuse_grace`.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The store is away, or refused.
    #[error("the store failed")]
    Failed(#[source] Cause),
    /// The store did not answer in time.
    #[error("the store did not answer within {0:?}")]
    TimedOut(Duration),
    /// The store was not asked: as many calls as may be are waiting for it, since it is slow or away.
    #[error("the store was not asked: {0} calls are waiting for it, as many as may be")]
    Busy(usize),
    /// The store did it, and fewer replicas than wanted have it by now: a failover may undo it.
    #[error("{acknowledged} of {wanted} replicas have it by now")]
    Unreplicated {
        /// How many have it.
        acknowledged: usize,
        /// How many shall: the setting `wait_replicas`.
        wanted: usize,
    },
    /// The store answered with something that this crate did not put there.
    #[error("the store holds something unexpected: {0}")]
    Corrupt(&'static str),
}

impl StoreError {
    /// Wraps the error of whatever a store is built on.
    pub fn new(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Failed(Arc::new(cause))
    }
}

//! The store, with limits on the duration and the number of calls.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::error::{AuthError, StoreError};
use crate::store::RefreshStore;

/// The maximum number of store calls in progress. A process with two cores gets about this many answers within the
/// default `store_timeout`, so further calls would time out. While the store is unavailable, the waiting calls take
/// tens of megabytes at most.
const MAX_CALLS: usize = 4_096;

/// A handle to the store.
pub(crate) struct StoreHandle {
    store: Arc<dyn RefreshStore>,
    timeout: Duration,
    calls: Semaphore,
}

impl StoreHandle {
    pub(crate) fn new(store: Arc<dyn RefreshStore>, timeout: Duration) -> Self {
        Self { store, timeout, calls: Semaphore::new(MAX_CALLS) }
    }

    /// Calls the store. The time limit is `store_timeout`.
    pub(crate) async fn call<'a, T, F>(
        &'a self,
        call: impl FnOnce(&'a dyn RefreshStore) -> F,
    ) -> Result<T, AuthError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        self.in_time(call(&*self.store)).await
    }

    /// Waits for an answer. The time limit is `store_timeout`. If too many calls are in progress, fails at once instead
    /// of queuing the call, so that a store that does not keep up gets no further load.
    pub(crate) async fn in_time<T>(
        &self,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, AuthError> {
        let _call = self.calls.try_acquire().map_err(|_| StoreError::Busy(MAX_CALLS))?;
        match timeout(self.timeout, call).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(StoreError::TimedOut(self.timeout).into()),
        }
    }

    /// Returns the store, without limits.
    pub(crate) fn inner(&self) -> &dyn RefreshStore {
        &*self.store
    }
}

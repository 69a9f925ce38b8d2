//! The store, with limits on the duration and the number of calls.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

use super::outage::Outage;
use crate::error::{AuthError, StoreError};
use crate::event::{Event, Observers, store_call};
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
    outage: Outage,
    observers: Observers,
}

impl StoreHandle {
    pub(crate) fn new(store: Arc<dyn RefreshStore>, timeout: Duration, observers: Observers) -> Self {
        Self { store, timeout, calls: Semaphore::new(MAX_CALLS), outage: Outage::default(), observers }
    }

    /// Calls the store. `operation` is the name of the method, for metrics and traces. The time limit is `store_timeout`.
    pub(crate) async fn call<'a, T, F>(
        &'a self,
        operation: &'static str,
        call: impl FnOnce(&'a dyn RefreshStore) -> F,
    ) -> Result<T, AuthError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        self.in_time(operation, call(&*self.store)).await
    }

    /// Waits for an answer. The time limit is `store_timeout`. If too many calls are in progress, fails at once instead
    /// of queuing the call, so that a store that does not keep up gets no further load.
    pub(crate) async fn in_time<T>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, AuthError> {
        let began = Instant::now();
        let answer = match self.calls.try_acquire() {
            Ok(_call) => timeout(self.timeout, store_call(operation, call))
                .await
                .unwrap_or(Err(StoreError::TimedOut(self.timeout))),
            Err(_) => Err(StoreError::Busy(MAX_CALLS)),
        };
        #[cfg(feature = "metrics")]
        crate::event::store_seconds(operation, began.elapsed());
        self.observe(answer.as_ref().err(), began);
        Ok(answer?)
    }

    /// Returns the store, without limits.
    pub(crate) fn inner(&self) -> &dyn RefreshStore {
        &*self.store
    }

    /// Reports when the store becomes unavailable, and when it is available again. `began` is when the call
    /// began.
    fn observe(&self, error: Option<&StoreError>, began: Instant) {
        match error {
            Some(error @ (StoreError::Failed(_) | StoreError::TimedOut(_) | StoreError::Busy(_))) => {
                if self.outage.begin(Instant::now()) {
                    self.observers.emit(Event::StoreUnavailable { error });
                }
            }
            // It answered, even if it did not do what it should.
            Some(_) | None => {
                if let Some(after) = self.outage.end(began) {
                    self.observers.emit(Event::StoreAvailable { after });
                }
            }
        }
    }
}

//! A store behind a connection that can lose a response.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jwt_auth::clock::Timestamp;
use jwt_auth::store::{Family, RefreshStore, RevocationFeed, StoreError, Swap, SwapOutcome};
use uuid::Uuid;

#[derive(Clone)]
pub(crate) struct LossyStore {
    store: Arc<dyn RefreshStore>,
    /// Which response is lost, counted from the next one; 0 for none.
    lost: Arc<AtomicUsize>,
}

impl LossyStore {
    pub(crate) fn over(store: Arc<dyn RefreshStore>) -> Self {
        Self { store, lost: Arc::default() }
    }

    /// Loses the response to the `nth` request from now on; with 0, to none.
    pub(crate) fn lose(&self, nth: usize) {
        self.lost.store(nth, Ordering::SeqCst);
    }

    fn deliver<T>(&self, answer: Result<T, StoreError>) -> Result<T, StoreError> {
        let lost = self.lost.load(Ordering::SeqCst);
        self.lost.store(lost.saturating_sub(1), Ordering::SeqCst);
        if lost == 1 { Err(StoreError::new(std::io::Error::other("the line is dead"))) } else { answer }
    }
}

#[rocket::async_trait]
impl RefreshStore for LossyStore {
    async fn insert(
        &self,
        subject: &str,
        family: &Family,
        now: Timestamp,
        max: usize,
    ) -> Result<Vec<Uuid>, StoreError> {
        self.deliver(self.store.insert(subject, family, now, max).await)
    }

    async fn compare_and_swap(
        &self,
        subject: &str,
        sid: Uuid,
        swap: &Swap,
    ) -> Result<SwapOutcome, StoreError> {
        self.deliver(self.store.compare_and_swap(subject, sid, swap).await)
    }

    async fn find(&self, subject: &str, sid: Uuid) -> Result<Option<Family>, StoreError> {
        self.deliver(self.store.find(subject, sid).await)
    }

    async fn list(&self, subject: &str) -> Result<Vec<Family>, StoreError> {
        self.deliver(self.store.list(subject).await)
    }

    async fn remove(&self, subject: &str, sid: Uuid) -> Result<bool, StoreError> {
        self.deliver(self.store.remove(subject, sid).await)
    }

    async fn remove_all(&self, subject: &str, now: Timestamp) -> Result<Vec<Uuid>, StoreError> {
        self.deliver(self.store.remove_all(subject, now).await)
    }

    async fn revoke_token(&self, id: Uuid) -> Result<bool, StoreError> {
        self.deliver(self.store.revoke_token(id).await)
    }

    fn is_shared(&self) -> bool {
        self.store.is_shared()
    }

    fn feed(&self, retention: Duration) -> Option<Arc<dyn RevocationFeed>> {
        self.store.feed(retention)
    }
}

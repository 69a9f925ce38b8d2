//! A store behind a connection that can lose a response.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jwt_auth::clock::Timestamp;
use jwt_auth::store::{
    AttemptStore, Context, Family, Inserted, Owner, RefreshStore, Removed, Revision, Revocation,
    RevocationFeed, StoreError, Swap, Swapped,
};
use uuid::Uuid;

/// The context of a process that has just started.
pub(crate) const NOTHING_HEARD: Context =
    Context::new(Timestamp::from_secs(0), Revision::from_u64(0), Duration::from_secs(1_000));

#[derive(Clone)]
pub(crate) struct LossyStore {
    store: Arc<dyn RefreshStore>,
    /// The number of the response to lose, counted from the next one, or 0 for none.
    lost: Arc<AtomicUsize>,
    /// The revisions that the store has lost.
    lost_revisions: Arc<Mutex<HashMap<Owner, Revision>>>,
}

impl LossyStore {
    pub(crate) fn over(store: Arc<dyn RefreshStore>) -> Self {
        Self { store, lost: Arc::default(), lost_revisions: Arc::default() }
    }

    /// Loses the response to the `nth` request from now on, or none if `nth` is 0.
    pub(crate) fn lose(&self, nth: usize) {
        self.lost.store(nth, Ordering::SeqCst);
    }

    /// Makes the store lose the current revision of an owner.
    pub(crate) async fn lose_revision(&self, owner: &Owner) -> Result<(), StoreError> {
        let revision = self.store.revision(owner, &NOTHING_HEARD).await?;
        self.lost_revisions.lock().expect("no panic").insert(owner.clone(), revision);
        Ok(())
    }

    /// Returns the revision that a store returns if it has lost an earlier one.
    fn remembered(&self, owner: &Owner, revision: Revision, context: &Context) -> Revision {
        match self.lost_revisions.lock().expect("no panic").get(owner) {
            Some(lost_revisions) if revision <= *lost_revisions => context.heard,
            _ => revision,
        }
    }

    fn deliver<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        let lost = self.lost.load(Ordering::SeqCst);
        self.lost.store(lost.saturating_sub(1), Ordering::SeqCst);
        if lost == 1 { Err(StoreError::new(std::io::Error::other("the connection is lost"))) } else { result }
    }
}

#[rocket::async_trait]
impl RefreshStore for LossyStore {
    async fn insert(
        &self,
        owner: &Owner,
        family: &Family,
        max: usize,
        context: &Context,
    ) -> Result<Inserted, StoreError> {
        let inserted = self.store.insert(owner, family, max, context).await;
        self.deliver(
            inserted.map(|it| Inserted::new(it.dropped, self.remembered(owner, it.revision, context))),
        )
    }

    async fn compare_and_swap(
        &self,
        owner: &Owner,
        sid: Uuid,
        swap: &Swap,
        context: &Context,
    ) -> Result<Swapped, StoreError> {
        let swapped = self.store.compare_and_swap(owner, sid, swap, context).await;
        self.deliver(swapped.map(|it| Swapped::new(it.outcome, self.remembered(owner, it.revision, context))))
    }

    async fn confirm(
        &self,
        owner: &Owner,
        sid: Uuid,
        generation: u32,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        // Confirmations run in the background at any time, so they are not counted.
        self.store.confirm(owner, sid, generation, now).await
    }

    async fn find(&self, owner: &Owner, sid: Uuid) -> Result<Option<Family>, StoreError> {
        self.deliver(self.store.find(owner, sid).await)
    }

    async fn list(&self, owner: &Owner) -> Result<Vec<Family>, StoreError> {
        self.deliver(self.store.list(owner).await)
    }

    async fn revision(&self, owner: &Owner, context: &Context) -> Result<Revision, StoreError> {
        let revision = self.store.revision(owner, context).await;
        self.deliver(revision.map(|it| self.remembered(owner, it, context)))
    }

    async fn remove(&self, owner: &Owner, sid: Uuid, context: &Context) -> Result<bool, StoreError> {
        self.deliver(self.store.remove(owner, sid, context).await)
    }

    async fn remove_all(
        &self,
        owner: &Owner,
        spared: Option<Uuid>,
        context: &Context,
    ) -> Result<Removed, StoreError> {
        self.deliver(self.store.remove_all(owner, spared, context).await)
    }

    async fn tell(&self, revocation: &Revocation, context: &Context) -> Result<bool, StoreError> {
        self.deliver(self.store.tell(revocation, context).await)
    }

    fn is_shared(&self) -> bool {
        self.store.is_shared()
    }

    fn feed(&self, retention: Duration) -> Option<Arc<dyn RevocationFeed>> {
        self.store.feed(retention)
    }

    fn attempts(&self) -> Option<Arc<dyn AttemptStore>> {
        self.store.attempts()
    }
}

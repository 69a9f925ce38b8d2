//! A store with a single fault.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jwt_auth::clock::Timestamp;
use jwt_auth::store::{
    Attempt, AttemptStore, Context, Family, FeedPage, Inserted, MemoryStore, Owner, RefreshStore, Removed,
    Reservation, Revision, Revocation, RevocationFeed, StoreError, Swap, SwapOutcome, Swapped,
};
use uuid::Uuid;

/// A memory store with a feed and a fault.
pub(crate) struct FaultyStore {
    store: MemoryStore,
    feed: Arc<Feed>,
    fault: Fault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// The store does not publish what it ends.
    HasNoFeed,
    /// The feed returns one page of revocations and omits the rest.
    FeedOmitsEntries,
    /// The removal of a session that does not exist is not published on the feed.
    MissingSessionIsNotPublished,
    /// The end of a session that makes room for a login is not published on the feed.
    DroppedSessionIsNotPublished,
    /// A repeated login makes room for itself a second time.
    RetriedInsertEvicts,
    KeepsEndedFamilies,
    DoesNotConfirm,
    /// A confirmation of an earlier generation counts for the current one.
    ConfirmsLate,
    /// The grace period starts with the refresh instead of the confirmation.
    GraceStartsEarly,
    RevisionRepeats,
    RevisionIsForgotten,
    /// A later revision that a process has received is ignored.
    HeardRevisionIsIgnored,
    SparesNoSession,
    /// A refresh also moves the absolute end.
    MovesTheAbsoluteEnd,
    /// A new sign-in is not recorded.
    ElevationIsForgotten,
    /// The previous token records a new sign-in, whatever the grace period.
    AnyPreviousElevates,
    /// The previous token does not record a new sign-in.
    RetryDoesNotElevate,
    /// Sessions of programs and of people have one limit.
    LimitsAreShared,
    MixesKinds,
    MixesApps,
    /// Failed attempts from one network are not counted.
    AttemptsAreNotCounted,
    /// The network of a user who has signed in is not remembered.
    NetworksAreForgotten,
}

impl FaultyStore {
    pub(crate) fn with(fault: Fault) -> Self {
        Self { store: MemoryStore::new(), feed: Arc::default(), fault }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    fn owner(&self, owner: &Owner) -> Owner {
        let app = owner.app().filter(|_| !self.has(Fault::MixesApps));
        let kind = owner.kind().filter(|_| !self.has(Fault::MixesKinds));
        Owner::new(app, kind, owner.subject())
    }

    fn context(&self, context: &Context) -> Context {
        let ignored = self.has(Fault::HeardRevisionIsIgnored);
        let heard = if ignored { Revision::default() } else { context.heard };
        Context::new(context.now, heard, context.retention)
    }

    async fn exists(&self, owner: &Owner, sid: Uuid) -> Result<bool, StoreError> {
        Ok(self.store.find(owner, sid).await?.is_some())
    }

    fn put(&self, revocation: Revocation) {
        self.feed.0.lock().expect("no test panics here").push(revocation);
    }
}

#[rocket::async_trait]
impl RefreshStore for FaultyStore {
    async fn insert(
        &self,
        owner: &Owner,
        family: &Family,
        max: usize,
        context: &Context,
    ) -> Result<Inserted, StoreError> {
        let (owner, context) = (&self.owner(owner), &self.context(context));
        let is_again = self.exists(owner, family.sid).await?;
        let max = max - usize::from(is_again && self.has(Fault::RetriedInsertEvicts));
        let before = self.store.list(owner).await?;
        let inserted = self.store.insert(owner, family, max, context).await?;
        if self.has(Fault::LimitsAreShared) && before.len() >= max {
            for other in before.iter().filter(|it| it.has_refresh_token() != family.has_refresh_token()) {
                self.store.remove(owner, other.sid, context).await?;
            }
        }
        if self.has(Fault::KeepsEndedFamilies) {
            let long_ago = Context::new(Timestamp::from_secs(0), context.heard, context.retention);
            for ended in before.iter().filter(|family| !family.is_live(context.now)) {
                self.store.insert(owner, ended, 1_000, &long_ago).await?;
            }
        }
        for sid in inserted.dropped.iter().filter(|_| !self.has(Fault::DroppedSessionIsNotPublished)) {
            self.put(Revocation::Session(owner.digest(), *sid));
        }
        Ok(inserted)
    }

    async fn compare_and_swap(
        &self,
        owner: &Owner,
        sid: Uuid,
        swap: &Swap,
        context: &Context,
    ) -> Result<Swapped, StoreError> {
        let (owner, context) = (&self.owner(owner), &self.context(context));
        let mut swap = swap.clone();
        match self.fault {
            Fault::ElevationIsForgotten => swap.elevation = None,
            Fault::AnyPreviousElevates => swap.reuse_grace = Duration::MAX,
            Fault::RetryDoesNotElevate => swap.reuse_grace = Duration::ZERO,
            _ => {}
        }
        let swap = &swap;
        let mut swapped = self.store.compare_and_swap(owner, sid, swap, context).await?;
        if let SwapOutcome::Done(family) = &mut swapped.outcome
            && self.has(Fault::MovesTheAbsoluteEnd)
        {
            family.absolute_end = family.absolute_end.max(swap.idle_end);
        }
        Ok(swapped)
    }

    async fn confirm(
        &self,
        owner: &Owner,
        sid: Uuid,
        generation: u32,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let owner = &self.owner(owner);
        if self.has(Fault::DoesNotConfirm) {
            return Ok(());
        }
        let current = self.store.find(owner, sid).await?.map_or(0, |family| family.generation);
        let late = self.has(Fault::ConfirmsLate) && generation < current;
        let now = if self.has(Fault::GraceStartsEarly) { Timestamp::from_millis(0) } else { now };
        self.store.confirm(owner, sid, if late { current } else { generation }, now).await
    }

    async fn find(&self, owner: &Owner, sid: Uuid) -> Result<Option<Family>, StoreError> {
        self.store.find(&self.owner(owner), sid).await
    }

    async fn list(&self, owner: &Owner) -> Result<Vec<Family>, StoreError> {
        self.store.list(&self.owner(owner)).await
    }

    async fn revision(&self, owner: &Owner, context: &Context) -> Result<Revision, StoreError> {
        if self.has(Fault::RevisionIsForgotten) {
            return Ok(context.heard);
        }
        self.store.revision(&self.owner(owner), &self.context(context)).await
    }

    async fn remove(&self, owner: &Owner, sid: Uuid, context: &Context) -> Result<bool, StoreError> {
        let owner = &self.owner(owner);
        let existed = self.store.remove(owner, sid, context).await?;
        if existed || !self.has(Fault::MissingSessionIsNotPublished) {
            self.put(Revocation::Session(owner.digest(), sid));
        }
        Ok(existed)
    }

    async fn remove_all(
        &self,
        owner: &Owner,
        spared: Option<Uuid>,
        context: &Context,
    ) -> Result<Removed, StoreError> {
        let (owner, context) = (&self.owner(owner), &self.context(context));
        let spared = spared.filter(|_| !self.has(Fault::SparesNoSession));
        let before = self.store.revision(owner, context).await?;
        let mut removed = self.store.remove_all(owner, spared, context).await?;
        if self.has(Fault::RevisionRepeats) {
            removed.revision = before;
        }
        self.put(Revocation::Owner(owner.digest(), removed.revision, removed.spared));
        Ok(removed)
    }

    async fn tell(&self, revocation: &Revocation, _: &Context) -> Result<bool, StoreError> {
        self.put(*revocation);
        Ok(!self.has(Fault::HasNoFeed))
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn feed(&self, _: Duration) -> Option<Arc<dyn RevocationFeed>> {
        match self.fault {
            Fault::HasNoFeed => None,
            Fault::FeedOmitsEntries => Some(Arc::new(OnePage(Arc::clone(&self.feed)))),
            _ => Some(Arc::clone(&self.feed) as Arc<dyn RevocationFeed>),
        }
    }

    fn attempts(&self) -> Option<Arc<dyn AttemptStore>> {
        let store = self.store.attempts()?;
        Some(Arc::new(FaultyAttempts { store, fault: self.fault }))
    }
}

/// Attempts with the fault of the store.
struct FaultyAttempts {
    store: Arc<dyn AttemptStore>,
    fault: Fault,
}

#[rocket::async_trait]
impl AttemptStore for FaultyAttempts {
    async fn reserve(&self, attempt: &Attempt) -> Result<Reservation, StoreError> {
        let reserved = self.store.reserve(attempt).await?;
        if self.fault == Fault::AttemptsAreNotCounted {
            self.store.give_back(attempt, true, false).await?;
        }
        Ok(reserved)
    }

    async fn give_back(&self, attempt: &Attempt, known: bool, signed_in: bool) -> Result<(), StoreError> {
        let forgets = self.fault == Fault::NetworksAreForgotten;
        self.store.give_back(attempt, known, signed_in && !forgets).await
    }
}

/// All revocations so far. The cursor is the number of revocations that have been read.
#[derive(Default)]
struct Feed(Mutex<Vec<Revocation>>);

#[rocket::async_trait]
impl RevocationFeed for Feed {
    async fn read(&self, cursor: Option<&str>, _: Duration) -> Result<FeedPage, StoreError> {
        let all = self.0.lock().expect("no test panics here");
        let read = cursor.map_or(0, |cursor| cursor.parse().expect("a number"));
        Ok(FeedPage::new(all[read..].to_vec(), Some(all.len().to_string()), true))
    }
}

/// A feed that returns only the latest hundred revocations.
struct OnePage(Arc<Feed>);

#[rocket::async_trait]
impl RevocationFeed for OnePage {
    async fn read(&self, cursor: Option<&str>, wait: Duration) -> Result<FeedPage, StoreError> {
        let mut page = self.0.read(cursor, wait).await?;
        let skipped = page.revocations.len().saturating_sub(100);
        page.revocations.drain(..skipped);
        Ok(page)
    }
}

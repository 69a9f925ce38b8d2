//! Stores: where families are kept.

pub mod conformance;
mod context;
mod memory;
#[cfg(feature = "redis")]
pub(crate) mod redis;

use std::sync::Arc;
use std::time::Duration;

use rocket::async_trait;
use uuid::Uuid;

use crate::clock::Timestamp;

pub use crate::error::StoreError;
pub use crate::family::{Family, PreviousToken, Swap, SwapOutcome};
pub use crate::owner::{Owner, OwnerDigest, Revision};
pub use crate::revocation::{FeedPage, Revocation, RevocationFeed};
pub use context::{Context, Inserted, Removed, Swapped};
pub use memory::MemoryStore;
#[cfg(feature = "sentinel")]
pub use redis::RedisSentinel;
#[cfg(feature = "redis")]
pub use redis::{RedisOptions, RedisServers, RedisStore};

/// A store of families. The crate has two: [`MemoryStore`] and, with the feature `redis`, [`RedisStore`].
///
/// A [`Family`] is the chain of refresh tokens that began with one login: what a user sees as a session.
///
/// Every operation is atomic and concerns one owner, so a database can keep all families of an owner in one place and
/// needs no index. It keeps a family as [bytes](Family::to_bytes), next to its id. The caller cancels an operation after
/// the setting `store_timeout`. An operation that was cancelled, or that failed, may still have been carried out, and may
/// be repeated.
///
/// A store also keeps the [`Revision`] of each owner. Every call sends the latest one that its process has
/// [heard of](Context::heard), and if that is later than the stored one, the store takes it over. A revision may be
/// forgotten [`2 * retention`](Context::retention) after it was assigned.
///
/// Families that have ended stay until the next login of their owner. A database that must not keep those of users who
/// never return can delete them at any time after their [`idle_end`](Family::idle_end).
///
/// [`conformance::check`] tests a custom store.
///
/// # Example
///
/// A complete store, small and slow. Its sessions are those of one process, so it needs no feed:
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::{Arc, Mutex};
/// use std::time::Duration;
/// use jwt_auth::store::{
///     Context, Family, Inserted, Owner, RefreshStore, Removed, Revision, Revocation, RevocationFeed, StoreError, Swap,
///     SwapOutcome, Swapped,
/// };
/// use jwt_auth::clock::Timestamp;
/// use uuid::Uuid;
///
/// #[derive(Default)]
/// struct SmallStore(Mutex<HashMap<Owner, Entry>>);
///
/// #[derive(Default)]
/// struct Entry {
///     revision: Revision,
///     families: HashMap<Uuid, Vec<u8>>,
/// }
///
/// impl SmallStore {
///     fn with<T>(&self, owner: &Owner, change: impl FnOnce(&mut Entry) -> Result<T, StoreError>) -> Result<T, StoreError> {
///         change(self.0.lock().unwrap().entry(owner.clone()).or_default())
///     }
/// }
///
/// impl Entry {
///     /// Takes over a later revision that another process has assigned.
///     fn hear(&mut self, context: &Context) -> Revision {
///         self.revision = self.revision.max(context.heard);
///         self.revision
///     }
///
///     fn all(&self) -> Result<Vec<Family>, StoreError> {
///         self.families.values().map(|bytes| Family::from_bytes(bytes)).collect()
///     }
/// }
///
/// #[rocket::async_trait]
/// impl RefreshStore for SmallStore {
///     async fn insert(
///         &self,
///         owner: &Owner,
///         family: &Family,
///         max_sessions: usize,
///         context: &Context,
///     ) -> Result<Inserted, StoreError> {
///         self.with(owner, |entry| {
///             entry.families.remove(&family.sid);
///             let mut families = entry.all()?;
///             let dropped = Family::make_room(&mut families, context.now, max_sessions);
///             families.push(family.clone());
///             entry.families = families.iter().map(|family| (family.sid, family.to_bytes())).collect();
///             Ok(Inserted::new(dropped, entry.hear(context)))
///         })
///     }
///
///     async fn compare_and_swap(
///         &self,
///         owner: &Owner,
///         sid: Uuid,
///         swap: &Swap,
///         context: &Context,
///     ) -> Result<Swapped, StoreError> {
///         self.with(owner, |entry| {
///             let mut family = entry.families.get(&sid).map(|bytes| Family::from_bytes(bytes)).transpose()?;
///             let outcome = SwapOutcome::apply(family.as_mut(), swap);
///             if let Some(family) = family {
///                 entry.families.insert(sid, family.to_bytes());
///             }
///             Ok(Swapped::new(outcome, entry.hear(context)))
///         })
///     }
///
///     async fn confirm(
///         &self,
///         owner: &Owner,
///         sid: Uuid,
///         generation: u32,
///         now: Timestamp,
///     ) -> Result<(), StoreError> {
///         self.with(owner, |entry| {
///             let Some(bytes) = entry.families.get_mut(&sid) else { return Ok(()) };
///             let mut family = Family::from_bytes(bytes)?;
///             family.confirm(generation, now);
///             *bytes = family.to_bytes();
///             Ok(())
///         })
///     }
///
///     async fn find(&self, owner: &Owner, sid: Uuid) -> Result<Option<Family>, StoreError> {
///         self.with(owner, |entry| entry.families.get(&sid).map(|bytes| Family::from_bytes(bytes)).transpose())
///     }
///
///     async fn list(&self, owner: &Owner) -> Result<Vec<Family>, StoreError> {
///         self.with(owner, |entry| entry.all())
///     }
///
///     async fn revision(&self, owner: &Owner, context: &Context) -> Result<Revision, StoreError> {
///         self.with(owner, |entry| Ok(entry.hear(context)))
///     }
///
///     async fn remove(&self, owner: &Owner, sid: Uuid, _: &Context) -> Result<bool, StoreError> {
///         self.with(owner, |entry| Ok(entry.families.remove(&sid).is_some()))
///     }
///
///     async fn remove_all(&self, owner: &Owner, spared: Option<Uuid>, context: &Context) -> Result<Removed, StoreError> {
///         self.with(owner, |entry| {
///             entry.revision = entry.hear(context).next(std::time::SystemTime::now().into());
///             let spared = spared.filter(|sid| entry.families.contains_key(sid));
///             let removed = entry.families.extract_if(|sid, _| Some(*sid) != spared).map(|(sid, _)| sid).collect();
///             Ok(Removed::new(removed, spared, entry.revision))
///         })
///     }
///
///     async fn tell(&self, _: &Revocation, _: &Context) -> Result<bool, StoreError> {
///         Ok(false)
///     }
///
///     fn is_shared(&self) -> bool {
///         false
///     }
///
///     fn feed(&self, _: Duration) -> Option<Arc<dyn RevocationFeed>> {
///         None
///     }
/// }
///
/// # rocket::async_test(async {
/// jwt_auth::store::conformance::check(SmallStore::default()).await;
/// # })
/// ```
#[async_trait]
pub trait RefreshStore: Send + Sync + 'static {
    /// Adds a family that has just begun, and makes room for it. This is the only operation that cleans up, so that a
    /// refresh need not. Of the owner's other families,
    ///
    /// - those that have ended must be dropped,
    /// - and the least recently used live ones must be dropped until fewer than `max_sessions` are left. The operation
    ///   returns them, and puts a [`Revocation::Session`] for each on the [feed](Self::feed).
    ///
    /// [`Family::make_room`] finds both. A repeated insertion counts once.
    async fn insert(
        &self,
        owner: &Owner,
        family: &Family,
        max_sessions: usize,
        context: &Context,
    ) -> Result<Inserted, StoreError>;

    /// Carries out [`Family::swap`] in one atomic step with finding the family: this is where a revocation and a refresh
    /// race.
    async fn compare_and_swap(
        &self,
        owner: &Owner,
        sid: Uuid,
        swap: &Swap,
        context: &Context,
    ) -> Result<Swapped, StoreError>;

    /// Carries out [`Family::confirm`]. Does nothing if there is no such family, or if the generation is not the current
    /// one. `now` is when the access token was used.
    async fn confirm(
        &self,
        owner: &Owner,
        sid: Uuid,
        generation: u32,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Returns one family of an owner. Its [`device`](Family::device) may be left out.
    async fn find(&self, owner: &Owner, sid: Uuid) -> Result<Option<Family>, StoreError>;

    /// Returns all families of an owner, in any order. Some may have ended. A family that cannot be read is left out.
    async fn list(&self, owner: &Owner) -> Result<Vec<Family>, StoreError>;

    /// Returns the revision of an owner: the later one of the stored one and [`Context::heard`].
    async fn revision(&self, owner: &Owner, context: &Context) -> Result<Revision, StoreError>;

    /// Removes a family, and puts a [`Revocation::Session`] on the [feed](Self::feed) in the same step: also if there is no
    /// such family, since the store may have lost it while its access tokens are valid. Returns whether it existed.
    async fn remove(&self, owner: &Owner, sid: Uuid, context: &Context) -> Result<bool, StoreError>;

    /// Removes all families of an owner except `spared`, if that exists, assigns the [next](Revision::next) revision by the store's own
    /// clock, and puts a [`Revocation::Owner`] on the [feed](Self::feed) in the same step.
    async fn remove_all(
        &self,
        owner: &Owner,
        spared: Option<Uuid>,
        context: &Context,
    ) -> Result<Removed, StoreError>;

    /// Puts a revocation on the [feed](Self::feed), and keeps nothing else of it. Returns whether there is a feed. A
    /// repeated call may put it there twice.
    ///
    /// Without a feed, [`revoke_access_token`](crate::JwtAuth::revoke_access_token) is an error, unless the store is not
    /// [shared](Self::is_shared).
    async fn tell(&self, revocation: &Revocation, context: &Context) -> Result<bool, StoreError>;

    /// Whether other processes may use the same data.
    fn is_shared(&self) -> bool;

    /// Returns the feed of revocations by all processes that share the store, or `None` if it has none. The store puts
    /// everything that it ends on the feed in the same step, whether the feed is read or not, and keeps it for
    /// [`Context::retention`]. `retention` is that of the reader, for a feed whose processes have different ones: each
    /// reads what it needs itself, and none shortens it for the others.
    ///
    /// Without a feed, a logout in one process leaves access tokens valid in the others until they expire, and so does one
    /// whose answer from the store was lost, in this process too.
    fn feed(&self, retention: Duration) -> Option<Arc<dyn RevocationFeed>>;
}

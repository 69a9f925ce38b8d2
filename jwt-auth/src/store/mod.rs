//! Session stores, which keep families of refresh tokens.

mod attempts;
pub mod conformance;
mod context;
mod memory;
#[cfg(feature = "redis")]
pub(crate) mod redis;
mod sweep;

use std::sync::Arc;
use std::time::Duration;

use rocket::async_trait;
use uuid::Uuid;

use crate::clock::Timestamp;

pub use crate::config::Budget;
pub use crate::error::StoreError;
pub use crate::family::{Elevation, Family, PreviousToken, Swap, SwapOutcome};
pub use crate::owner::{Owner, OwnerDigest, Revision};
pub use crate::revocation::{FeedPage, Revocation, RevocationFeed};
pub use crate::throttle::{Account, AccountDigest, Attempt, AttemptLimits, Attempts, Network, Reservation};
pub use attempts::AttemptStore;
pub(crate) use attempts::MemoryAttempts;
pub use context::{Context, Inserted, Removed, Swapped};
pub use memory::MemoryStore;
#[cfg(feature = "sentinel")]
pub use redis::RedisSentinel;
#[cfg(feature = "redis")]
pub use redis::{RedisOptions, RedisServers, RedisStore};

/// A store of families. This crate provides two: [`MemoryStore`] and, with the feature `redis`, [`RedisStore`].
///
/// A [`Family`] is the chain of refresh tokens that began with one login. A user sees it as a session. The guide
/// explains [families, rotation and reuse](crate::guide::sessions).
///
/// Every operation is atomic and concerns one owner, so a database can keep all families of an owner in one place and
/// needs no index. Store a family as [bytes](Family::to_bytes), next to its id. The caller cancels an operation that
/// takes longer than the setting `store_timeout`. An operation that was canceled, or that failed, may still have taken
/// effect, and the caller may repeat it.
///
/// A store also keeps the [`Revision`] of each owner. A [`Context`] contains the latest revision that the calling
/// process [knows](Context::heard). If that is later than the stored one, the store adopts it. A store may forget a
/// revision [`2 * retention`](Context::retention) after it was assigned.
///
/// Families that have ended stay until their owner signs in again. A database that must not keep the families of users
/// who never return can delete a family at any time after its [`idle_end`](Family::idle_end).
///
/// [`conformance::check`] tests a custom store.
///
/// # Example
///
/// A small and slow, but complete store. Only one process uses its sessions, so it needs no feed:
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::{Arc, Mutex};
/// use std::time::Duration;
/// use jwt_auth::store::{
///     AttemptStore, Context, Family, Inserted, Owner, RefreshStore, Removed, Revision, Revocation, RevocationFeed,
///     StoreError, Swap, SwapOutcome, Swapped,
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
///     /// Adopts the caller's revision if it is later than the stored one.
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
///             let dropped = family.make_room(&mut families, context.now, max_sessions);
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
///
///     fn attempts(&self) -> Option<Arc<dyn AttemptStore>> {
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
    /// Adds a family that has just begun, and makes room for it. Only this operation cleans up, so a refresh does not have
    /// to. Of the owner's other families, it drops
    ///
    /// - all that have ended,
    /// - and then the least recently used ones, until fewer than `max_sessions` are left. It returns the ids of these, and
    ///   puts a [`Revocation::Session`] for each of them on the [feed](Self::feed). Families with and without a
    ///   [refresh token](Family::has_refresh_token) are counted separately.
    ///
    /// [`Family::make_room`] does this for a `Vec` of families. Inserting the same family twice has the same effect as
    /// inserting it once.
    async fn insert(
        &self,
        owner: &Owner,
        family: &Family,
        max_sessions: usize,
        context: &Context,
    ) -> Result<Inserted, StoreError>;

    /// Finds a family and applies [`Family::swap`] to it in one atomic step, because a refresh may race with a
    /// revocation or with another refresh.
    ///
    /// Returns [`SwapOutcome::Done`] with the family as it is after the swap, or [`SwapOutcome::Refused`] with the family
    /// as it is, or with `None` if there is no such family.
    ///
    /// A swap that is refused changes the family in one case. If it has an [`elevation`](Swap::elevation) and is a retry,
    /// the elevation is recorded, and the returned family contains it. A swap is a retry if the family is live and all of
    /// these hold, which a store in SQL or Lua has to check itself:
    ///
    /// - [`presented`](Swap::presented) is the id of the family's [`previous`](Family::previous) token.
    /// - [`reuse_grace`](Swap::reuse_grace) is not zero.
    /// - The family is not [`confirmed`](Family::confirmed), or `now - previous.replaced_at < reuse_grace`. A
    ///   `replaced_at` in the future counts as now.
    async fn compare_and_swap(
        &self,
        owner: &Owner,
        sid: Uuid,
        swap: &Swap,
        context: &Context,
    ) -> Result<Swapped, StoreError>;

    /// Applies [`Family::confirm`]. Does nothing if there is no such family, or if the generation is not the current
    /// one. `now` is the time at which the access token was used.
    async fn confirm(
        &self,
        owner: &Owner,
        sid: Uuid,
        generation: u32,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Returns one family of an owner, or `None` if there is no such family. It may have ended, and its
    /// [`device`](Family::device) may be left out.
    async fn find(&self, owner: &Owner, sid: Uuid) -> Result<Option<Family>, StoreError>;

    /// Returns all families of an owner, in any order. Some of them may have ended. Families that cannot be read are
    /// left out.
    async fn list(&self, owner: &Owner) -> Result<Vec<Family>, StoreError>;

    /// Returns the revision of an owner: the stored one, or [`Context::heard`] if that is later.
    async fn revision(&self, owner: &Owner, context: &Context) -> Result<Revision, StoreError>;

    /// Removes a family, and puts a [`Revocation::Session`] on the [feed](Self::feed) in the same step. Does the latter
    /// even if there is no such family, because the store may have lost it while its access tokens are still valid.
    /// Returns whether the family existed.
    async fn remove(&self, owner: &Owner, sid: Uuid, context: &Context) -> Result<bool, StoreError>;

    /// Removes all families of an owner except `spared`, if that exists. In the same step, assigns the
    /// [next](Revision::next) revision by the store's own clock, and puts a [`Revocation::Owner`] on the
    /// [feed](Self::feed).
    async fn remove_all(
        &self,
        owner: &Owner,
        spared: Option<Uuid>,
        context: &Context,
    ) -> Result<Removed, StoreError>;

    /// Puts a revocation on the [feed](Self::feed), and stores nothing else. Returns `false` if the store has no feed.
    /// A repeated call may add the revocation twice.
    ///
    /// Without a feed, [`revoke_access_token`](crate::JwtAuth::revoke_access_token) fails if the store is
    /// [shared](Self::is_shared).
    async fn tell(&self, revocation: &Revocation, context: &Context) -> Result<bool, StoreError>;

    /// Returns `true` if other processes may use the same data.
    fn is_shared(&self) -> bool;

    /// Returns the feed of revocations by all processes that share the store, or `None` if the store has no feed. When
    /// the store ends a family, it puts the revocation on the feed in the same step, whether or not any process reads
    /// the feed, and keeps it there for [`Context::retention`].
    ///
    /// `retention` is the time for which a revocation matters to the reader. Processes with different settings may
    /// share a feed: each of them reads back as far as it needs, and none of them shortens the retention for the
    /// others.
    ///
    /// Without a feed, the other processes still accept the access tokens of a session after a logout, until the tokens
    /// expire. If the store's answer to the logout is lost, so does the process that requested it.
    fn feed(&self, retention: Duration) -> Option<Arc<dyn RevocationFeed>>;

    /// Returns the store of attempts to sign in, or `None` if it has none. Then each process counts failed attempts on its
    /// own, so an attacker has as many of them as there are processes times the limit.
    fn attempts(&self) -> Option<Arc<dyn AttemptStore>>;
}

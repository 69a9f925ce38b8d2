//! Stores: where families are kept.

pub mod conformance;
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
pub use crate::revocation::{FeedPage, Revocation, RevocationFeed, SubjectDigest};
pub use memory::MemoryStore;
#[cfg(feature = "sentinel")]
pub use redis::RedisSentinel;
#[cfg(feature = "redis")]
pub use redis::{RedisOptions, RedisServers, RedisStore};

/// A store of families. The crate has two: [`MemoryStore`] and, with the feature `redis`, [`RedisStore`].
///
/// Every operation is atomic and concerns one subject, so a database can keep all families of a subject in one place and
/// needs no index. The caller cancels an operation after the setting `store_timeout`. An operation that was cancelled, or
/// that failed, may still have been carried out.
///
/// [`conformance::check`] tests a custom store.
///
/// # Example
///
/// A complete store, small and slow:
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::{Mutex, MutexGuard};
/// use jwt_auth::clock::Timestamp;
/// use jwt_auth::store::{Family, RefreshStore, StoreError, Swap, SwapOutcome};
/// use uuid::Uuid;
///
/// #[derive(Default)]
/// struct SmallStore(Mutex<HashMap<String, Vec<Family>>>);
///
/// impl SmallStore {
///     fn lock(&self) -> Result<MutexGuard<'_, HashMap<String, Vec<Family>>>, StoreError> {
///         self.0.lock().map_err(|_| StoreError::new(std::io::Error::other("a thread panicked")))
///     }
/// }
///
/// #[rocket::async_trait]
/// impl RefreshStore for SmallStore {
///     async fn insert(
///         &self,
///         subject: &str,
///         family: &Family,
///         now: Timestamp,
///         max_sessions: usize,
///     ) -> Result<Vec<Uuid>, StoreError> {
///         let mut all = self.lock()?;
///         let families = all.entry(subject.to_owned()).or_default();
///         families.retain(|other| other.sid != family.sid);
///         let dropped = Family::make_room(families, now, max_sessions);
///         families.push(family.clone());
///         Ok(dropped)
///     }
///
///     async fn compare_and_swap(&self, subject: &str, sid: Uuid, swap: &Swap) -> Result<SwapOutcome, StoreError> {
///         let mut all = self.lock()?;
///         let found = all.get_mut(subject).and_then(|families| families.iter_mut().find(|f| f.sid == sid));
///         Ok(SwapOutcome::apply(found, swap))
///     }
///
///     async fn list(&self, subject: &str) -> Result<Vec<Family>, StoreError> {
///         Ok(self.lock()?.get(subject).cloned().unwrap_or_default())
///     }
///
///     async fn remove(&self, subject: &str, sid: Uuid) -> Result<bool, StoreError> {
///         let mut all = self.lock()?;
///         let Some(families) = all.get_mut(subject) else { return Ok(false) };
///         let before = families.len();
///         families.retain(|family| family.sid != sid);
///         Ok(families.len() < before)
///     }
///
///     async fn remove_all(&self, subject: &str, _: Timestamp) -> Result<Vec<Uuid>, StoreError> {
///         Ok(self.lock()?.remove(subject).unwrap_or_default().iter().map(|family| family.sid).collect())
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
    /// refresh need not. Of the subject's other families,
    ///
    /// - those that have ended may be dropped,
    /// - and the least recently used live ones must be dropped until fewer than `max_sessions` are left. The operation
    ///   returns them.
    ///
    /// [`Family::make_room`] finds both. A repeated insertion counts once.
    async fn insert(
        &self,
        subject: &str,
        family: &Family,
        now: Timestamp,
        max_sessions: usize,
    ) -> Result<Vec<Uuid>, StoreError>;

    /// Carries out [`Family::swap`] in one atomic step with finding the family: this is where a revocation and a refresh
    /// race.
    async fn compare_and_swap(
        &self,
        subject: &str,
        sid: Uuid,
        swap: &Swap,
    ) -> Result<SwapOutcome, StoreError>;

    /// Returns one family of a subject. Its [`device`](Family::device) may be left out.
    async fn find(&self, subject: &str, sid: Uuid) -> Result<Option<Family>, StoreError> {
        Ok(self.list(subject).await?.into_iter().find(|family| family.sid == sid))
    }

    /// Returns all families of a subject, in any order. Some may have ended.
    async fn list(&self, subject: &str) -> Result<Vec<Family>, StoreError>;

    /// Removes a family. Returns whether it existed.
    async fn remove(&self, subject: &str, sid: Uuid) -> Result<bool, StoreError>;

    /// Removes all families of a subject, and returns their ids. `now` is the time of the [`Revocation::Subject`] on the
    /// [feed](Self::feed).
    async fn remove_all(&self, subject: &str, now: Timestamp) -> Result<Vec<Uuid>, StoreError>;

    /// Puts a [`Revocation::Token`] on the [feed](Self::feed). Returns whether there is a feed. The store keeps nothing
    /// else of the token. A repeated call may put it on the feed twice.
    ///
    /// By default, there is no feed. Then [`revoke_access_token`](crate::JwtAuth::revoke_access_token) is an error,
    /// unless the store is not [shared](Self::is_shared).
    async fn revoke_token(&self, id: Uuid) -> Result<bool, StoreError> {
        let _ = id;
        Ok(false)
    }

    /// Whether other processes may use the same data. By default, they may.
    fn is_shared(&self) -> bool {
        true
    }

    /// Returns the feed of revocations by all processes that share the store. From now on, the store puts everything that
    /// it ends on the feed in the same step, and keeps it for `retention`, as long as an access token can be valid.
    ///
    /// By default, there is no feed. Then a logout in one process leaves access tokens valid in the others until they
    /// expire, and so does one whose answer from the store was lost, in this process too.
    fn feed(&self, retention: Duration) -> Option<Arc<dyn RevocationFeed>> {
        let _ = retention;
        None
    }
}

//! Where the families are kept.

pub mod conformance;
mod feed;
mod memory;
#[cfg(feature = "redis")]
mod redis;

use std::sync::Arc;
use std::time::Duration;

use rocket::async_trait;
use uuid::Uuid;

use crate::clock::Timestamp;
pub use crate::error::StoreError;
pub use crate::refresh::{Family, Previous, Swap};
pub use feed::{News, Revocation, RevocationFeed, SubjectDigest};
pub use memory::MemoryStore;
#[cfg(feature = "sentinel")]
pub use redis::RedisSentinel;
#[cfg(feature = "redis")]
pub use redis::{RedisOptions, RedisServers, RedisStore};

/// A place for families. The crate has two: [`MemoryStore`] and, with the feature `redis`,
/// [`RedisStore`].
///
/// Every operation is atomic, and concerns one subject: a database can keep all families of a
/// subject in one place, and needs no index. What an operation waits for is cut off from outside
/// after the setting `store_timeout`; an operation that was cut off, or failed, may have been done.
///
/// [`conformance::check`] tests a store of your own.
///
/// # Example
///
/// A whole store, small and slow:
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::{Mutex, MutexGuard};
/// use jwt_auth::clock::Timestamp;
/// use jwt_auth::store::{Family, RefreshStore, StoreError, Swap, Swapped};
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
///     async fn compare_and_swap(&self, subject: &str, sid: Uuid, swap: &Swap) -> Result<Swapped, StoreError> {
///         let mut all = self.lock()?;
///         let found = all.get_mut(subject).and_then(|families| families.iter_mut().find(|f| f.sid == sid));
///         Ok(Swapped::apply(found, swap))
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
    /// Adds a family that has just begun, and makes room for it: this is the only operation that
    /// cleans up, so that a refresh need not. Of the subject's other families
    ///
    /// - those that have ended may be dropped,
    /// - and of those that live, the ones used longest ago have to go until fewer than
    ///   `max_sessions` are left. They are told.
    ///
    /// [`Family::make_room`] finds both. Done twice, an insertion counts once.
    async fn insert(
        &self,
        subject: &str,
        family: &Family,
        now: Timestamp,
        max_sessions: usize,
    ) -> Result<Vec<Uuid>, StoreError>;

    /// Does what [`Family::swap`] does, in one atomic step with finding the family: this is where a
    /// revocation and a refresh race.
    async fn compare_and_swap(&self, subject: &str, sid: Uuid, swap: &Swap) -> Result<Swapped, StoreError>;

    /// One family of a subject. Its [`device`](Family::device) may be left out.
    async fn find(&self, subject: &str, sid: Uuid) -> Result<Option<Family>, StoreError> {
        Ok(self.list(subject).await?.into_iter().find(|family| family.sid == sid))
    }

    /// All families of a subject, in any order, with some that have ended perhaps.
    async fn list(&self, subject: &str) -> Result<Vec<Family>, StoreError>;

    /// Removes a family, and says whether it was there.
    async fn remove(&self, subject: &str, sid: Uuid) -> Result<bool, StoreError>;

    /// Removes all families of a subject, and tells which there were. `now` is for the
    /// [feed](Self::feed), as the time of [`Revocation::Subject`].
    async fn remove_all(&self, subject: &str, now: Timestamp) -> Result<Vec<Uuid>, StoreError>;

    /// Puts an access token on the [feed](Self::feed), by its id, as [`Revocation::Token`], and says whether there is
    /// a feed to put it on. Nothing else need be kept of it. Done twice, it may be told twice.
    ///
    /// The default is that there is none. Then
    /// [`revoke_access_token`](crate::JwtAuth::revoke_access_token) is an error, unless nobody else
    /// [shares](Self::is_shared) the store.
    async fn revoke_token(&self, id: Uuid) -> Result<bool, StoreError> {
        let _ = id;
        Ok(false)
    }

    /// Whether other processes may see what is kept here. The default: they may.
    fn is_shared(&self) -> bool {
        true
    }

    /// What other processes that share the store revoke. From now on, whatever this store ends is put
    /// there in the same step, and kept for `retention`: as long as an access token can be good.
    ///
    /// The default is none: then a logout in one process leaves access tokens good in the others until
    /// they expire; and so does one whose answer from the store was lost, in this process too.
    fn feed(&self, retention: Duration) -> Option<Arc<dyn RevocationFeed>> {
        let _ = retention;
        None
    }
}

/// What came of a [`RefreshStore::compare_and_swap`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Swapped {
    /// It was done. This is the family now.
    Done(Family),
    /// It was not done. This is the family that stands there, if there is one. Its
    /// [`device`](Family::device) may be left out.
    Refused(Option<Family>),
}

impl Swapped {
    /// Swaps in place, for stores that hold a family while they look at it.
    pub fn apply(family: Option<&mut Family>, swap: &Swap) -> Self {
        match family {
            Some(family) => match family.swap(swap) {
                true => Self::Done(family.clone()),
                false => Self::Refused(Some(family.clone())),
            },
            None => Self::Refused(None),
        }
    }
}

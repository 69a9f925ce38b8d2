//! The store in memory.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use rocket::async_trait;
use uuid::Uuid;

use super::sweep::Sweep;
use super::{AttemptStore, Context, Inserted, MemoryAttempts, RefreshStore, Removed, Swapped};
use crate::clock::Timestamp;
use crate::error::StoreError;
use crate::family::{Family, Swap, SwapOutcome};
use crate::owner::{Owner, Revision};
use crate::revocation::{Revocation, RevocationFeed};

const SHARDS: usize = 64;

/// A store in memory, where all sessions end with the process. It is the default, for development and tests.
///
/// A login also drops the ended families of other users, so the live families bound the memory use.
pub struct MemoryStore {
    attempts: Arc<MemoryAttempts>,
    shards: Vec<Mutex<Shard>>,
    hasher: RandomState,
}

#[derive(Default)]
struct Shard {
    owners: HashMap<Owner, Entry>,
    sweep: Sweep,
}

/// The data of an owner.
#[derive(Default)]
struct Entry {
    families: Vec<Family>,
    revision: Revision,
    /// When the revision may be forgotten.
    revision_end: Option<Timestamp>,
}

impl MemoryStore {
    /// Creates an empty store.
    pub fn new() -> Self {
        Self {
            attempts: Arc::default(),
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            hasher: RandomState::new(),
        }
    }

    /// Returns the number of families, including ended ones that have not been dropped yet.
    #[doc(hidden)]
    pub fn len(&self) -> usize {
        let lengths = self
            .shards
            .iter()
            .map(|shard| lock(shard).owners.values().map(|entry| entry.families.len()).sum::<usize>());
        lengths.sum()
    }

    /// Returns whether there are no families.
    #[doc(hidden)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn shard(&self, owner: &Owner) -> MutexGuard<'_, Shard> {
        let hash = self.hasher.hash_one(owner);
        lock(&self.shards[hash as usize % SHARDS])
    }

    /// Reads or changes the data of an owner, and drops it if nothing is left.
    fn with<T>(&self, owner: &Owner, change: impl FnOnce(&mut Entry) -> T) -> T {
        let mut shard = self.shard(owner);
        let Some(entry) = shard.owners.get_mut(owner) else {
            let mut entry = Entry::default();
            let result = change(&mut entry);
            if !entry.is_empty() {
                shard.owners.insert(owner.clone(), entry);
            }
            return result;
        };
        let result = change(entry);
        if entry.is_empty() {
            shard.owners.remove(owner);
        }
        result
    }

    /// Drops ended families from the shards that have not been swept for a while.
    fn sweep(&self, now: Timestamp) {
        for shard in &self.shards {
            lock(shard).sweep(now);
        }
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl Shard {
    fn sweep(&mut self, now: Timestamp) {
        if !self.sweep.is_due(now) {
            return;
        }
        self.owners.retain(|_, entry| {
            entry.families.retain(|family| family.is_live(now));
            if entry.revision_end.is_some_and(|end| end <= now) {
                (entry.revision, entry.revision_end) = (Revision::default(), None);
            }
            !entry.is_empty()
        });
    }
}

impl Entry {
    fn is_empty(&self) -> bool {
        self.families.is_empty() && self.revision == Revision::default()
    }

    fn find(&mut self, sid: Uuid) -> Option<&mut Family> {
        self.families.iter_mut().find(|family| family.sid == sid)
    }

    /// Adopts the revision that the process remembers, if it is later.
    fn hear(&mut self, context: &Context) -> Revision {
        if context.heard > self.revision {
            self.revise(context.heard, context);
        }
        self.revision
    }

    fn revise(&mut self, revision: Revision, context: &Context) {
        self.revision = revision;
        self.revision_end = Some(context.now + 2 * context.retention);
    }
}

/// Locks a shard, even after a panic, because no operation leaves a shard half changed.
fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl RefreshStore for MemoryStore {
    async fn insert(
        &self,
        owner: &Owner,
        family: &Family,
        max_sessions: usize,
        context: &Context,
    ) -> Result<Inserted, StoreError> {
        self.sweep(context.now);
        Ok(self.with(owner, |entry| {
            entry.families.retain(|other| other.sid != family.sid);
            let dropped = family.make_room(&mut entry.families, context.now, max_sessions);
            entry.families.push(family.clone());
            Inserted::new(dropped, entry.hear(context))
        }))
    }

    async fn compare_and_swap(
        &self,
        owner: &Owner,
        sid: Uuid,
        swap: &Swap,
        context: &Context,
    ) -> Result<Swapped, StoreError> {
        Ok(self.with(owner, |entry| {
            let outcome = SwapOutcome::apply(entry.find(sid), swap);
            Swapped::new(outcome, entry.hear(context))
        }))
    }

    async fn confirm(
        &self,
        owner: &Owner,
        sid: Uuid,
        generation: u32,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.with(owner, |entry| {
            if let Some(family) = entry.find(sid) {
                family.confirm(generation, now);
            }
        });
        Ok(())
    }

    async fn find(&self, owner: &Owner, sid: Uuid) -> Result<Option<Family>, StoreError> {
        Ok(self.with(owner, |entry| entry.find(sid).cloned()))
    }

    async fn list(&self, owner: &Owner) -> Result<Vec<Family>, StoreError> {
        Ok(self.with(owner, |entry| entry.families.clone()))
    }

    async fn revision(&self, owner: &Owner, context: &Context) -> Result<Revision, StoreError> {
        Ok(self.with(owner, |entry| entry.hear(context)))
    }

    async fn remove(&self, owner: &Owner, sid: Uuid, _: &Context) -> Result<bool, StoreError> {
        Ok(self.with(owner, |entry| {
            let before = entry.families.len();
            entry.families.retain(|family| family.sid != sid);
            entry.families.len() < before
        }))
    }

    async fn remove_all(
        &self,
        owner: &Owner,
        spared: Option<Uuid>,
        context: &Context,
    ) -> Result<Removed, StoreError> {
        Ok(self.with(owner, |entry| {
            let next = entry.hear(context).next(SystemTime::now().into());
            entry.revise(next, context);
            let spared = spared.filter(|sid| entry.find(*sid).is_some());
            let removed = entry.families.extract_if(.., |family| Some(family.sid) != spared);
            Removed::new(removed.map(|family| family.sid).collect(), spared, next)
        }))
    }

    /// Does nothing, because no other process uses the store.
    async fn tell(&self, _: &Revocation, _: &Context) -> Result<bool, StoreError> {
        Ok(false)
    }

    fn is_shared(&self) -> bool {
        false
    }

    fn feed(&self, _: Duration) -> Option<Arc<dyn RevocationFeed>> {
        None
    }

    fn attempts(&self) -> Option<Arc<dyn AttemptStore>> {
        Some(Arc::clone(&self.attempts) as Arc<dyn AttemptStore>)
    }
}

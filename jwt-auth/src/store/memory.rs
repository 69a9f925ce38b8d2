//! Families in memory.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rocket::async_trait;
use uuid::Uuid;

use super::RefreshStore;
use crate::clock::Timestamp;
use crate::error::StoreError;
use crate::family::{Family, Swap, SwapOutcome};

const SHARDS: usize = 64;

/// How often a shard is searched for ended families.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Keeps families in memory, where they end with the process. The default, for development and tests.
///
/// Logins drop ended families of all users, so that memory is bounded by the live families.
pub struct MemoryStore {
    shards: Vec<Mutex<Shard>>,
    hasher: RandomState,
}

#[derive(Default)]
struct Shard {
    families: HashMap<String, Vec<Family>>,
    swept_at: Option<Timestamp>,
}

impl MemoryStore {
    /// Creates an empty store.
    pub fn new() -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::default()).collect(), hasher: RandomState::new() }
    }

    /// Returns the number of families, including ended ones that were not dropped yet.
    #[doc(hidden)]
    pub fn len(&self) -> usize {
        let lengths =
            self.shards.iter().map(|shard| lock(shard).families.values().map(Vec::len).sum::<usize>());
        lengths.sum()
    }

    /// Whether there are no families.
    #[doc(hidden)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn shard(&self, subject: &str) -> MutexGuard<'_, Shard> {
        let hash = self.hasher.hash_one(subject);
        lock(&self.shards[hash as usize % SHARDS])
    }

    /// Drops ended families from the shards that were not swept for a while.
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
        if self.swept_at.is_some_and(|last| last <= now && now.since(last) < SWEEP_EVERY) {
            return;
        }
        self.swept_at = Some(now);
        self.families.retain(|_, families| {
            families.retain(|family| family.is_live(now));
            !families.is_empty()
        });
    }
}

/// No operation leaves a shard half changed, so a panic corrupts nothing.
fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl RefreshStore for MemoryStore {
    fn is_shared(&self) -> bool {
        false
    }

    async fn insert(
        &self,
        subject: &str,
        family: &Family,
        now: Timestamp,
        max_sessions: usize,
    ) -> Result<Vec<Uuid>, StoreError> {
        self.sweep(now);
        let mut shard = self.shard(subject);
        let families = shard.families.entry(subject.to_owned()).or_default();
        families.retain(|other| other.sid != family.sid);
        let dropped = Family::make_room(families, now, max_sessions);
        families.push(family.clone());
        Ok(dropped)
    }

    async fn compare_and_swap(
        &self,
        subject: &str,
        sid: Uuid,
        swap: &Swap,
    ) -> Result<SwapOutcome, StoreError> {
        let mut shard = self.shard(subject);
        let found =
            shard.families.get_mut(subject).and_then(|families| families.iter_mut().find(|f| f.sid == sid));
        Ok(SwapOutcome::apply(found, swap))
    }

    async fn list(&self, subject: &str) -> Result<Vec<Family>, StoreError> {
        Ok(self.shard(subject).families.get(subject).cloned().unwrap_or_default())
    }

    async fn remove(&self, subject: &str, sid: Uuid) -> Result<bool, StoreError> {
        let mut shard = self.shard(subject);
        let Some(families) = shard.families.get_mut(subject) else { return Ok(false) };
        let before = families.len();
        families.retain(|family| family.sid != sid);
        let removed = families.len() < before;
        if families.is_empty() {
            shard.families.remove(subject);
        }
        Ok(removed)
    }

    async fn remove_all(&self, subject: &str, _: Timestamp) -> Result<Vec<Uuid>, StoreError> {
        let families = self.shard(subject).families.remove(subject).unwrap_or_default();
        Ok(families.into_iter().map(|family| family.sid).collect())
    }
}

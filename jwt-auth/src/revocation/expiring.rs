//! A map whose entries expire.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use foldhash::quality::RandomState;

use crate::clock::Moment;

/// The number of shards. Growing and sweeping lock one shard at a time, so they delay only the lookups in that shard:
/// for less than a millisecond with a million entries.
pub(super) const SHARDS: usize = 64;

/// The minimum time between two sweeps, in milliseconds.
const SWEEP_EVERY: u64 = 1_000;

/// A map whose entries expire a fixed time after they were inserted.
///
/// No entry is forgotten before it has expired by both clocks. So it does not matter if the wall clock jumps ahead, or
/// if it was wrong when the entry was inserted. Insertions and [sweeps](Self::sweep) clean up one shard per second, so
/// with a steady flow of either, an entry is gone at most [`SHARDS`] seconds after it expired. If a shard is mostly
/// empty after a sweep, it releases its memory. A session takes 56 to 112 bytes, depending on how full its shard is,
/// and at most four times as much after others have expired.
///
/// The hash function is fast, but not cryptographic. Its seeds are random. An attacker who can write to Redis can
/// choose keys, but gains more by filling the map than by searching for collisions, which the attacker cannot observe.
pub(super) struct Expiring<K, V> {
    lives: Duration,
    /// The number of entries, so that a lookup in an empty map takes no lock.
    len: AtomicUsize,
    shards: [Shard<K, V>; SHARDS],
    /// Chooses the shard. Its seeds differ from those of the shards, so that keys in one shard do not collide there.
    hasher: RandomState,
    /// When the next shard is swept, in milliseconds of the monotonic clock, and how many have been swept so far.
    next_sweep: AtomicU64,
    sweeps: AtomicUsize,
}

/// A shard on a cache line of its own, because a lookup writes to its lock.
#[repr(align(64))]
struct Shard<K, V>(RwLock<Entries<K, V>>);

/// The value of each key, and when it expires.
type Entries<K, V> = HashMap<K, (V, Moment), RandomState>;

impl<K: Eq + Hash, V: Copy + Ord> Expiring<K, V> {
    pub(super) fn new(lives: Duration) -> Self {
        Self {
            lives,
            len: AtomicUsize::new(0),
            shards: std::array::from_fn(|_| Shard(RwLock::default())),
            hasher: RandomState::default(),
            next_sweep: AtomicU64::new(0),
            sweeps: AtomicUsize::new(0),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the number of entries, including expired ones that have not been dropped yet.
    pub(super) fn len(&self) -> usize {
        self.len.load(Ordering::Acquire)
    }

    pub(super) fn get(&self, key: &K) -> Option<V> {
        if self.is_empty() {
            return None;
        }
        let shard = self.shard(key).0.read().unwrap_or_else(PoisonError::into_inner);
        shard.get(key).map(|(value, _)| *value)
    }

    /// Inserts a value. If the key already exists, the greater value is kept.
    pub(super) fn insert(&self, key: K, value: V, now: Moment) {
        self.sweep(now);
        let mut shard = self.shard(&key).0.write().unwrap_or_else(PoisonError::into_inner);
        let value = shard.get(&key).map_or(value, |(known, _)| value.max(*known));
        if shard.insert(key, (value, now.after(self.lives))).is_none() {
            self.len.fetch_add(1, Ordering::Release);
        }
    }

    /// Drops expired entries from the next shard, unless another shard was swept a moment ago.
    pub(super) fn sweep(&self, now: Moment) {
        if self.is_empty() || !self.is_due(now) {
            return;
        }
        let next = self.sweeps.fetch_add(1, Ordering::Relaxed) % SHARDS;
        let mut shard = self.shards[next].0.write().unwrap_or_else(PoisonError::into_inner);
        let before = shard.len();
        shard.retain(|_, (_, until)| !until.has_passed(now));
        self.len.fetch_sub(before - shard.len(), Ordering::Release);
        if shard.len() < shard.capacity() / 4 {
            let len = shard.len();
            shard.shrink_to(2 * len);
        }
    }

    /// Returns whether a sweep is due and no other thread has started one.
    fn is_due(&self, now: Moment) -> bool {
        let now = now.monotonic_millis();
        let is_due = |next| (next <= now).then_some(now + SWEEP_EVERY);
        self.next_sweep.fetch_update(Ordering::AcqRel, Ordering::Acquire, is_due).is_ok()
    }

    fn shard(&self, key: &K) -> &Shard<K, V> {
        &self.shards[self.hasher.hash_one(key) as usize % SHARDS]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    const LIVES: Duration = Duration::from_secs(100);

    fn at(secs: u64) -> Moment {
        by(1_000 + secs, secs)
    }

    /// A moment by the wall clock and the monotonic one, in seconds.
    fn by(wall: u64, monotonic: u64) -> Moment {
        Moment::of(Timestamp::from_secs(wall), Duration::from_secs(monotonic))
    }

    fn len<K: Eq + Hash, V: Copy + Ord>(map: &Expiring<K, V>) -> usize {
        map.len.load(Ordering::Acquire)
    }

    fn capacity<K, V>(map: &Expiring<K, V>) -> usize {
        map.shards.iter().map(|shard| shard.0.read().unwrap().capacity()).sum()
    }

    #[test]
    fn the_greater_value_of_a_key_is_kept() {
        let map = Expiring::new(LIVES);
        for (value, expected) in [(2, 2), (1, 2), (3, 3)] {
            map.insert("key", value, at(0));
            assert_eq!((map.get(&"key"), len(&map)), (Some(expected), 1));
        }
    }

    #[test]
    fn an_entry_lives_until_it_expires_and_is_gone_after_a_sweep_of_every_shard() {
        let map = Expiring::new(LIVES);
        for key in 0..10_000 {
            map.insert(key, (), at(0));
        }
        let full = capacity(&map);
        for second in 0..100 {
            map.sweep(at(second));
        }
        map.insert(0, (), at(99));
        assert!((0..10_000).all(|key| map.get(&key).is_some()), "none has expired");
        assert_eq!((len(&map), map.get(&10_000)), (10_000, None));

        for second in 100..100 + SHARDS as u64 {
            map.sweep(at(second));
        }
        assert_eq!((len(&map), map.get(&0), map.get(&1)), (1, Some(()), None), "one was inserted again");
        assert!(capacity(&map) < full / 100, "the memory is released: {} of {full}", capacity(&map));
    }

    #[test]
    fn an_entry_is_forgotten_only_when_both_clocks_agree() {
        // Inserted at 1,000 s by the wall clock and at 0 s by the monotonic one.
        for (now, expected) in [
            (by(9_000, 10), Some(())),
            (by(1_010, 9_000), Some(())),
            (by(1_099, 100), Some(())),
            (by(1_100, 99), Some(())),
            (by(1_100, 100), None),
        ] {
            let map = Expiring::new(LIVES);
            map.insert("key", (), at(0));
            for _ in 0..SHARDS {
                map.next_sweep.store(0, Ordering::Relaxed);
                map.sweep(now);
            }
            assert_eq!(map.get(&"key"), expected, "{now:?}");
        }
    }

    #[test]
    fn insertions_sweep_at_most_one_shard_per_second() {
        let map = Expiring::new(LIVES);
        let mut sweeps = Vec::new();
        let set_back = by(8, 10);
        for (key, time) in [at(0), at(0), at(1), at(1), at(9), set_back, set_back].into_iter().enumerate() {
            map.insert(key, (), time);
            sweeps.push(map.sweeps.load(Ordering::Relaxed));
        }
        assert_eq!(sweeps, [0, 1, 2, 2, 3, 4, 4], "not when empty, and again after a clock was set back");
    }

    #[test]
    fn an_entry_is_found_while_other_threads_insert_and_sweep() {
        let map = Expiring::new(LIVES);
        std::thread::scope(|scope| {
            for thread in 0..4_u64 {
                let map = &map;
                scope.spawn(move || {
                    for step in 0..5_000 {
                        let now = at(step / 50);
                        map.insert((thread, step), (), now);
                        assert_eq!(map.get(&(thread, step)), Some(()));
                        map.sweep(now);
                    }
                });
            }
        });
        assert_eq!(len(&map), 20_000);
    }
}

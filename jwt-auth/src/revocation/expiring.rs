//! A map whose entries are dropped when they are of no more use.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use crate::clock::Timestamp;

/// How often entries that have ended are looked for, at most.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Entries that live for a while after they were inserted, or a little longer.
pub(super) struct Expiring<K, V> {
    lives: Duration,
    /// The number of entries, so that a look-up among none takes no lock.
    len: AtomicUsize,
    entries: RwLock<Entries<K, V>>,
}

struct Entries<K, V> {
    by_key: HashMap<K, (V, Timestamp)>,
    swept_at: Option<Timestamp>,
}

impl<K: Eq + Hash, V: Copy + Ord> Expiring<K, V> {
    pub(super) fn new(lives: Duration) -> Self {
        let entries = Entries { by_key: HashMap::new(), swept_at: None };
        Self { lives, len: AtomicUsize::new(0), entries: RwLock::new(entries) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len.load(Ordering::Acquire) == 0
    }

    pub(super) fn get(&self, key: &K) -> Option<V> {
        if self.is_empty() {
            return None;
        }
        self.entries.read().unwrap_or_else(PoisonError::into_inner).by_key.get(key).map(|(value, _)| *value)
    }

    /// Inserts a value. Of two for one key the greater stays.
    pub(super) fn insert(&self, key: K, value: V, now: Timestamp) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.swept_at.is_none_or(|last| last > now || now.since(last) >= SWEEP_EVERY) {
            entries.swept_at = Some(now);
            entries.by_key.retain(|_, (_, until)| *until > now);
        }
        let value = entries.by_key.get(&key).map_or(value, |(known, _)| value.max(*known));
        entries.by_key.insert(key, (value, now + self.lives));
        self.len.store(entries.by_key.len(), Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greater_value_of_a_key_stays() {
        let map = Expiring::new(Duration::from_secs(100));
        for (value, expected) in [(2, 2), (1, 2), (3, 3)] {
            map.insert("key", value, Timestamp::from_secs(0));
            assert_eq!(map.get(&"key"), Some(expected));
        }
    }

    #[test]
    fn entries_are_dropped_by_later_ones() {
        let at = Timestamp::from_secs;
        let map = Expiring::new(Duration::from_secs(100));
        for key in 0..10 {
            map.insert(key, (), at(key));
        }
        assert_eq!((map.len.load(Ordering::Acquire), map.get(&3), map.get(&10)), (10, Some(()), None));
        map.insert(10, (), at(105));
        assert_eq!(map.len.load(Ordering::Acquire), 5, "0 to 5 have ended, 6 to 9 live on beside 10");
        assert_eq!((map.get(&5), map.get(&6), map.get(&10)), (None, Some(()), Some(())));
    }
}

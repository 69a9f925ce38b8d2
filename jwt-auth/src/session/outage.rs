//! Outages of the store.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long all calls must succeed before an outage is over.
const QUIET: Duration = Duration::from_secs(1);

/// Whether the store is unavailable.
#[derive(Default)]
pub(super) struct Outage {
    /// Whether there is an outage. Every call of the store reads this, so it takes no lock.
    is_on: AtomicBool,
    times: Mutex<Option<Times>>,
}

#[derive(Clone, Copy)]
struct Times {
    began: Instant,
    last_failure: Instant,
}

impl Outage {
    /// Records that a call failed. Returns whether this begins an outage.
    pub(super) fn begin(&self, now: Instant) -> bool {
        let mut times = self.times();
        let began = times.map_or(now, |times| times.began);
        let is_new = times.replace(Times { began, last_failure: now }).is_none();
        self.is_on.store(true, Ordering::Relaxed);
        is_new
    }

    /// Records that a call succeeded, which began at this time. If this ends an outage, returns how long the outage was.
    pub(super) fn end(&self, call: Instant) -> Option<Duration> {
        if !self.is_on.load(Ordering::Relaxed) {
            return None;
        }
        let mut times = self.times();
        let ended = times.take_if(|times| call >= times.last_failure + QUIET)?;
        self.is_on.store(false, Ordering::Relaxed);
        Some(call.duration_since(ended.began))
    }

    fn times(&self) -> MutexGuard<'_, Option<Times>> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_begins_once_and_ends_when_no_call_fails_any_more() {
        let (outage, start) = (Outage::default(), Instant::now());
        let at = |millis| start + Duration::from_millis(millis);
        assert_eq!(outage.end(at(0)), None);
        assert!(outage.begin(at(0)));
        assert!(!outage.begin(at(500)));
        assert_eq!(outage.end(at(600)), None, "a call failed a moment ago");
        assert!(!outage.begin(at(1_400)));
        assert_eq!(outage.end(at(2_399)), None);
        assert_eq!(outage.end(at(2_400)), Some(Duration::from_millis(2_400)));
        assert_eq!(outage.end(at(2_401)), None);
        assert!(outage.begin(at(9_000)));
    }
}

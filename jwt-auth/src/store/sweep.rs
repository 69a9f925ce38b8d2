//! When a store in memory searches for data that no longer matters.

use std::time::Duration;

use crate::clock::Timestamp;

/// The minimum time between two searches.
const EVERY: Duration = Duration::from_secs(60);

/// When the last search was.
#[derive(Default)]
pub(super) struct Sweep(Option<Timestamp>);

impl Sweep {
    /// Returns whether to search now, and if so, records it. A clock that was set back counts as time that has passed.
    pub(super) fn is_due(&mut self, now: Timestamp) -> bool {
        let is_due = self.0.is_none_or(|last| last > now || now.since(last) >= EVERY);
        if is_due {
            self.0 = Some(now);
        }
        is_due
    }
}

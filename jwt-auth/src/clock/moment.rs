//! Moments, as measured by both clocks.

use std::time::Duration;

use super::{Clock, Timestamp};

/// A moment, as measured by both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    wall: Timestamp,
    /// In milliseconds.
    monotonic: u64,
}

impl Moment {
    /// Creates a moment from the readings of both clocks.
    pub(crate) fn of(wall: Timestamp, monotonic: Duration) -> Self {
        Self { wall, monotonic: millis(monotonic) }
    }

    /// Returns the current moment.
    pub(crate) fn now(clock: &(impl Clock + ?Sized)) -> Self {
        Self::of(clock.now(), clock.monotonic())
    }

    /// Returns the reading of the monotonic clock, in milliseconds.
    pub(crate) fn monotonic_millis(self) -> u64 {
        self.monotonic
    }

    /// Returns the moment that is this much later by both clocks.
    pub(crate) fn after(self, by: Duration) -> Self {
        Self { wall: self.wall + by, monotonic: self.monotonic.saturating_add(millis(by)) }
    }

    /// Returns the time since an earlier moment, by the monotonic clock.
    #[cfg(feature = "metrics")]
    pub(crate) fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.monotonic.saturating_sub(earlier.monotonic))
    }

    /// Returns whether both clocks agree that this moment has passed.
    pub(crate) fn has_passed(self, now: Self) -> bool {
        self.wall <= now.wall && self.monotonic <= now.monotonic
    }

    /// Returns whether at least one of the clocks is past this moment.
    pub(crate) fn may_have_passed(self, now: Self) -> bool {
        self.wall < now.wall || self.monotonic < now.monotonic
    }
}

/// Converts a duration to milliseconds, saturating at the maximum.
pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

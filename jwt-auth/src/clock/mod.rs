//! Injected time: all code reads the time from the app's one clock.

mod moment;

use std::ops::Add;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::{Serialize, Serializer};

pub(crate) use moment::{Moment, millis};

/// The source of time: the system clock, unless [`Fairing::clock`](crate::Fairing::clock) sets another.
///
/// A clock has two readings. The wall clock is used for the dates in tokens (`exp`, `nbf`), and may jump when it is
/// corrected. The monotonic clock never jumps. A revocation is forgotten only when both readings agree that it has
/// expired.
pub trait Clock: Send + Sync + 'static {
    /// Returns the current wall-clock time.
    fn now(&self) -> Timestamp;

    /// Returns the time since some fixed moment. It never decreases, and setting the wall clock does not affect it.
    fn monotonic(&self) -> Duration;
}

/// The system clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// Returns the system clock. Its monotonic reading starts at zero.
    pub fn new() -> Self {
        Self { start: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        SystemTime::now().into()
    }

    fn monotonic(&self) -> Duration {
        self.start.elapsed()
    }
}

/// A clock for tests that is set by hand. Clones share the same time.
///
/// ```
/// use std::time::Duration;
/// use jwt_auth::clock::{Clock, ManualClock, Timestamp};
///
/// let clock = ManualClock::at(Timestamp::from_secs(1_000));
/// clock.clone().advance(Duration::from_secs(60));
/// assert_eq!(clock.now(), Timestamp::from_secs(1_060));
/// assert_eq!(clock.monotonic(), Duration::from_secs(60));
///
/// clock.set(Timestamp::from_secs(500));
/// assert_eq!(clock.monotonic(), Duration::from_secs(60), "only the wall clock was set back");
/// ```
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<Readings>);

#[derive(Debug)]
struct Readings {
    wall: AtomicU64,
    /// In milliseconds.
    monotonic: AtomicU64,
}

impl ManualClock {
    /// Creates a clock that shows this time until it is changed.
    pub fn at(time: Timestamp) -> Self {
        Self(Arc::new(Readings { wall: AtomicU64::new(time.0), monotonic: AtomicU64::new(0) }))
    }

    /// Advances both the wall clock and the monotonic clock.
    pub fn advance(&self, by: Duration) {
        self.set(self.now() + by);
        self.advance_monotonic(by);
    }

    /// Sets the wall clock, even to an earlier time. The monotonic clock does not change.
    pub fn set(&self, time: Timestamp) {
        self.0.wall.store(time.0, Ordering::SeqCst);
    }

    /// Advances only the monotonic clock, as if the wall clock had been set back in the meantime.
    pub fn advance_monotonic(&self, by: Duration) {
        self.0.monotonic.fetch_add(millis(by), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.wall.load(Ordering::SeqCst))
    }

    fn monotonic(&self) -> Duration {
        Duration::from_millis(self.0.monotonic.load(Ordering::SeqCst))
    }
}

/// A point in time, in milliseconds since 1970. Arithmetic saturates.
///
/// Serializes as whole seconds, the `NumericDate` of RFC 7519, section 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The latest time that can be represented: 48 bits of milliseconds, which is in the year 10889.
    pub const MAX: Self = Self((1 << 48) - 1);

    /// Returns the time this many milliseconds after the start of 1970, but at most [`Timestamp::MAX`].
    pub const fn from_millis(millis: u64) -> Self {
        if millis < Self::MAX.0 { Self(millis) } else { Self::MAX }
    }

    /// Returns the time this many seconds after the start of 1970, but at most [`Timestamp::MAX`].
    pub const fn from_secs(secs: u64) -> Self {
        Self::from_millis(secs.saturating_mul(1_000))
    }

    /// Returns the milliseconds since 1970.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Returns the whole seconds since 1970.
    pub const fn as_secs(self) -> u64 {
        self.0 / 1_000
    }

    /// Returns the time that has passed since `earlier`, or zero if `earlier` is the later one.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }

    /// Returns the time that is earlier by this duration.
    pub(crate) fn before(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(millis(by)))
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, by: Duration) -> Self {
        Self::from_millis(self.0.saturating_add(millis(by)))
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        Self(0) + time.duration_since(UNIX_EPOCH).unwrap_or_default()
    }
}

impl From<Timestamp> for SystemTime {
    fn from(time: Timestamp) -> Self {
        UNIX_EPOCH + Duration::from_millis(time.0)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.as_secs())
    }
}

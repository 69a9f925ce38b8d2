//! The generic cell rate algorithm (GCRA), which ITU-T I.371 defines for ATM networks. Its state is a single time: when
//! the whole budget is available again.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::config::Budget;

/// The most that the clocks of two processes may differ.
pub(crate) const SKEW: Duration = Duration::from_secs(5 * 60);

/// Takes one attempt from a budget. `full_at` is when the budget is full again. Returns its new value.
///
/// # Errors
///
/// The budget is used up. Returns how long to wait for the next attempt.
pub(super) fn take(budget: Budget, full_at: Timestamp, now: Timestamp) -> Result<Timestamp, Duration> {
    let latest = now + budget.whole();
    let next = full_at.max(now) + budget.every();
    if next > latest { Err(next.since(latest)) } else { Ok(next) }
}

/// Gives one attempt back.
pub(super) fn give_back(budget: Budget, full_at: Timestamp) -> Timestamp {
    full_at.before(budget.every())
}

/// Corrects a time that is much later than it can be: a clock that is ahead has written it, or a process with other settings.
/// `longest` is the time to the latest that is possible now. The result must be stored. A time that is only a little later
/// stays, because otherwise two processes whose clocks differ would lose attempts.
pub(super) fn correct(time: Timestamp, longest: Duration, now: Timestamp) -> Timestamp {
    let latest = now + longest;
    if time > latest + SKEW { latest } else { time }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use governor::clock::{Clock, FakeRelativeClock};
    use governor::{Quota, RateLimiter};
    use proptest::prelude::*;

    use super::*;

    const EMPTY: Timestamp = Timestamp::from_millis(0);

    proptest! {
        #[test]
        fn decides_like_governor(
            attempts in 1..20_u32,
            every in 1..5_000_u64,
            waits in prop::collection::vec(0..20_000_u64, 1..100),
        ) {
            let clock = FakeRelativeClock::default();
            let quota = Quota::with_period(Duration::from_millis(every)).expect("the period is not zero");
            let quota = quota.allow_burst(NonZeroU32::new(attempts).expect("the burst is not zero"));
            let governor = RateLimiter::direct_with_clock(quota, clock.clone());
            let budget = Budget::new(attempts, Duration::from_millis(every * u64::from(attempts)));
            let (mut full_at, mut now) = (EMPTY, Timestamp::from_secs(1_700_000_000));
            for wait in waits {
                // Half of the attempts come at once.
                let wait = Duration::from_millis(wait.saturating_sub(10_000));
                clock.advance(wait);
                now = now + wait;
                let theirs = governor.check().map_err(|denied| denied.wait_time_from(clock.now()));
                let ours = take(budget, full_at, now);
                prop_assert_eq!(ours.map(drop), theirs.map(drop));
                full_at = ours.unwrap_or(full_at);
            }
        }

        #[test]
        fn an_attempt_that_is_given_back_does_not_count(
            attempts in 1..20_u32,
            every in 1..5_000_u64,
            taken in 0..20_u32,
        ) {
            let budget = Budget::new(attempts, Duration::from_millis(every * u64::from(attempts)));
            let now = Timestamp::from_secs(1_700_000_000);
            let mut full_at = EMPTY;
            for _ in 0..taken {
                full_at = take(budget, full_at, now).unwrap_or(full_at);
            }
            if let Ok(next) = take(budget, full_at, now) {
                prop_assert_eq!(give_back(budget, next).max(now), full_at.max(now));
            }
        }

        #[test]
        fn a_state_from_the_future_is_a_budget_that_is_used_up(ahead in 0..u64::MAX / 2) {
            let budget = Budget::new(5, Duration::from_secs(50));
            let now = Timestamp::from_secs(1_700_000_000);
            let full_at = now + Duration::from_secs(50) + SKEW + Duration::from_millis(ahead + 1);
            let corrected = correct(full_at, budget.whole(), now);
            prop_assert_eq!(take(budget, corrected, now), Err(Duration::from_secs(10)));
            prop_assert!(take(budget, corrected, now + Duration::from_secs(10)).is_ok());
        }
    }

    #[test]
    fn a_budget_of_zero_counts_as_one() {
        let budget = Budget::new(0, Duration::ZERO);
        let now = Timestamp::from_secs(1);
        let full_at = take(budget, EMPTY, now).expect("the first attempt is permitted");
        assert_eq!(take(budget, full_at, now), Err(Duration::from_millis(1)));
    }
}

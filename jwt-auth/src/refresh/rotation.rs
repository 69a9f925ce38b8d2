//! What a presented refresh token gets: one pure decision, the same for every store.

use std::time::Duration;

use uuid::Uuid;

use super::family::{Family, Swap};
use crate::clock::Timestamp;
use crate::store::Swapped;

/// What becomes of a presented refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rotation {
    /// It is the current one, or of a later generation, whose swap the store forgot: a successor takes
    /// its place.
    Rotate,
    /// It was replaced a moment ago: its bearer raced itself, or an answer was lost. It gets the
    /// same successor again, so one live token remains, and the moment does not get longer.
    Retry,
    /// It was replaced long ago: somebody has a copy. The family ends (RFC 9700, section 4.14.2).
    Reuse,
    /// Its family is past its idle or its absolute end.
    Expired,
    /// Its family is not there.
    Unknown,
}

/// What a refresh gets after the store's answer to its swap: the family whose current token is handed
/// out, or why none is. That it is due to [`Rotate`](Rotation::Rotate) is no reason: then the store is
/// wrong.
pub(super) fn settle(swapped: Swapped, swap: &Swap, reuse_grace: Duration) -> Result<Family, Rotation> {
    let family = match swapped {
        Swapped::Done(family) => return Ok(family),
        // The store was asked twice, and the first answer was lost.
        Swapped::Refused(Some(family)) if family.current == swap.next => return Ok(family),
        Swapped::Refused(family) => family,
    };
    match (decide(family.as_ref(), swap.presented, swap.generation, swap.now, reuse_grace), family) {
        (Rotation::Retry, Some(family)) => Ok(family),
        (why, _) => Err(why),
    }
}

/// Decides about the token with the id `presented` of a family, whose signature is good.
///
/// An end that has come outranks everything. A replacement in the future, as another server's clock
/// may show it, is one of this moment; without a grace there are no such moments at all.
pub(super) fn decide(
    family: Option<&Family>,
    presented: Uuid,
    generation: u32,
    now: Timestamp,
    reuse_grace: Duration,
) -> Rotation {
    let Some(family) = family else { return Rotation::Unknown };
    if !family.is_live(now) {
        return Rotation::Expired;
    }
    if family.is_next_to_swap(presented, generation) {
        return Rotation::Rotate;
    }
    match family.previous {
        Some(previous) if presented == previous.id && now.since(previous.replaced_at) < reuse_grace => {
            Rotation::Retry
        }
        _ => Rotation::Reuse,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refresh::{Device, Previous};

    const GRACE: Duration = Duration::from_secs(30);

    fn at(secs: u64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    const OLD: Uuid = Uuid::from_u128(1);
    const PREVIOUS: Uuid = Uuid::from_u128(2);
    const CURRENT: Uuid = Uuid::from_u128(3);

    /// Begun at 0, rotated at 100; idle end 200, absolute end 300.
    fn family(rotated: bool) -> Family {
        Family {
            sid: Uuid::from_u128(9),
            current: CURRENT,
            generation: 5,
            previous: rotated.then_some(Previous { id: PREVIOUS, replaced_at: at(100) }),
            created_at: at(0),
            idle_end: at(200),
            absolute_end: at(300),
            device: Device::default(),
        }
    }

    #[test]
    fn every_case() {
        use Rotation::*;
        let cases = [
            // presented, rotated, now, grace, what it gets
            (CURRENT, false, 0, GRACE, Rotate),
            (CURRENT, true, 100, GRACE, Rotate),
            (CURRENT, true, 199, GRACE, Rotate),
            (CURRENT, true, 200, GRACE, Expired),
            (PREVIOUS, true, 100, GRACE, Retry),
            (PREVIOUS, true, 129, GRACE, Retry),
            (PREVIOUS, true, 130, GRACE, Reuse),
            (PREVIOUS, true, 199, GRACE, Reuse),
            (PREVIOUS, true, 200, GRACE, Expired),
            // Another server's clock is behind the one that rotated.
            (PREVIOUS, true, 50, GRACE, Retry),
            (PREVIOUS, true, 50, Duration::ZERO, Reuse),
            (PREVIOUS, true, 100, Duration::ZERO, Reuse),
            (CURRENT, true, 100, Duration::ZERO, Rotate),
            (OLD, true, 100, GRACE, Reuse),
            (OLD, false, 0, GRACE, Reuse),
            (PREVIOUS, false, 0, GRACE, Reuse),
            (OLD, true, 200, GRACE, Expired),
        ];
        for (presented, rotated, now, grace, expected) in cases {
            let got = decide(Some(&family(rotated)), presented, 5, at(now), grace);
            assert_eq!(got, expected, "presented {presented} at {now}, rotated: {rotated}, grace {grace:?}");
        }
        for presented in [OLD, PREVIOUS, CURRENT] {
            assert_eq!(decide(None, presented, 5, at(100), GRACE), Unknown);
        }
    }

    #[test]
    fn a_token_whose_swap_was_forgotten_is_rotated_and_an_older_one_is_not() {
        let decide = |id, generation| decide(Some(&family(true)), id, generation, at(150), GRACE);
        assert_eq!(decide(OLD, 6), Rotation::Rotate);
        assert_eq!(decide(OLD, u32::MAX), Rotation::Rotate);
        for generation in 0..=5 {
            assert_eq!(decide(OLD, generation), Rotation::Reuse);
            assert_eq!(decide(CURRENT, generation), Rotation::Rotate);
        }
    }

    #[test]
    fn a_refusal_is_settled_by_the_family_that_stands_there() {
        let swap = |presented, now| Swap {
            presented,
            generation: 4,
            next: Uuid::from_u128(4),
            now: at(now),
            idle_end: at(400),
        };
        let settle = |family: Option<Family>, presented, now| {
            settle(Swapped::Refused(family), &swap(presented, now), GRACE)
        };
        assert_eq!(settle(Some(family(true)), PREVIOUS, 129), Ok(family(true)));
        assert_eq!(settle(Some(family(true)), PREVIOUS, 130), Err(Rotation::Reuse));
        assert_eq!(settle(Some(family(true)), PREVIOUS, 200), Err(Rotation::Expired));
        assert_eq!(settle(None, PREVIOUS, 129), Err(Rotation::Unknown));
        assert_eq!(settle(Some(family(true)), CURRENT, 129), Err(Rotation::Rotate), "the store is wrong");
        let done_before = Family { current: Uuid::from_u128(4), ..family(true) };
        assert_eq!(settle(Some(done_before.clone()), OLD, 129), Ok(done_before));
    }

    #[test]
    fn absolute_end_comes_first_when_it_is_earlier() {
        let family = Family { absolute_end: at(150), ..family(true) };
        assert_eq!(decide(Some(&family), CURRENT, 5, at(149), GRACE), Rotation::Rotate);
        assert_eq!(decide(Some(&family), CURRENT, 5, at(150), GRACE), Rotation::Expired);
    }
}

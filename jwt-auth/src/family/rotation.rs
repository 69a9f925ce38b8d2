//! Rotation: the decision about a presented refresh token. It is a pure function, and the same for every store.

use std::time::Duration;

use uuid::Uuid;

use super::{Family, Swap, SwapOutcome};
use crate::clock::Timestamp;

/// The decision about a presented refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rotation {
    /// The token is the current one, or of a later generation because the store lost a refresh. A successor replaces
    /// it.
    Rotate,
    /// The token was replaced a moment ago, or its successor may never have arrived: two requests of the client raced,
    /// or a response was lost. The same successor is handed out again, so only one token is live. The grace period does
    /// not start over.
    Retry,
    /// The successor has already been used, so someone has a copy of the token. The family ends (RFC 9700, section
    /// 4.14.2).
    Reuse,
    /// The family is past its idle end or its absolute end.
    Expired,
    /// The family does not exist, or has no refresh tokens.
    Unknown,
}

/// Decides a refresh after the store has answered the swap. Returns the family whose current token is handed out, or
/// the reason why none is. The error [`Rotate`](Rotation::Rotate) means that the store is faulty.
pub(crate) fn settle(outcome: SwapOutcome, swap: &Swap, reuse_grace: Duration) -> Result<Family, Rotation> {
    let family = match outcome {
        SwapOutcome::Done(family) => return Ok(family),
        // This is a retry, and the answer to the first attempt was lost.
        SwapOutcome::Refused(Some(family)) if family.current == swap.next => return Ok(family),
        SwapOutcome::Refused(family) => family,
    };
    match (decide(family.as_ref(), swap.presented, swap.generation, swap.now, reuse_grace), family) {
        (Rotation::Retry, Some(family)) => Ok(family),
        (why, _) => Err(why),
    }
}

/// Decides what happens to a verified token of a family. `presented` is the id of the token.
///
/// An end that has passed takes precedence. If the token was replaced in the future, by the clock of another server, it
/// counts as replaced just now. Without a grace period, no successor is handed out twice, confirmed or not.
pub(crate) fn decide(
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
    if !family.has_refresh_token() {
        return Rotation::Unknown;
    }
    if family.is_next_to_swap(presented, generation) {
        return Rotation::Rotate;
    }
    match family.is_retry(presented, now, reuse_grace) {
        true => Rotation::Retry,
        false => Rotation::Reuse,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::{Device, Elevation, PreviousToken};

    const GRACE: Duration = Duration::from_secs(30);

    fn at(secs: u64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    const OLD: Uuid = Uuid::from_u128(1);
    const PREVIOUS: Uuid = Uuid::from_u128(2);
    const CURRENT: Uuid = Uuid::from_u128(3);

    /// A family that began at 0, and was rotated and confirmed at 100. Its idle end is 200, its absolute end 300.
    fn family(rotated: bool) -> Family {
        Family {
            sid: Uuid::from_u128(9),
            current: CURRENT,
            generation: 5,
            previous: rotated.then_some(PreviousToken { id: PREVIOUS, replaced_at: at(100) }),
            confirmed: true,
            created_at: at(0),
            idle_end: at(200),
            absolute_end: at(300),
            elevation: None,
            device: Device::default(),
        }
    }

    #[test]
    fn every_case() {
        use Rotation::*;
        let cases = [
            // presented, rotated, now, grace, decision
            (CURRENT, false, 0, GRACE, Rotate),
            (CURRENT, true, 100, GRACE, Rotate),
            (CURRENT, true, 199, GRACE, Rotate),
            (CURRENT, true, 200, GRACE, Expired),
            (PREVIOUS, true, 100, GRACE, Retry),
            (PREVIOUS, true, 129, GRACE, Retry),
            (PREVIOUS, true, 130, GRACE, Reuse),
            (PREVIOUS, true, 199, GRACE, Reuse),
            (PREVIOUS, true, 200, GRACE, Expired),
            // The clock of another server is behind that of the refresh.
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
    fn a_successor_that_was_never_confirmed_is_handed_out_again_after_the_grace_period() {
        let unconfirmed = Family { confirmed: false, ..family(true) };
        let decide = |presented, now, grace| decide(Some(&unconfirmed), presented, 5, at(now), grace);
        for now in [100, 129, 130, 199] {
            assert_eq!(decide(PREVIOUS, now, GRACE), Rotation::Retry, "at {now}");
            assert_eq!(decide(PREVIOUS, now, Duration::ZERO), Rotation::Reuse, "strict, at {now}");
            assert_eq!(decide(OLD, now, GRACE), Rotation::Reuse, "it was used up before, at {now}");
        }
        assert_eq!(decide(PREVIOUS, 200, GRACE), Rotation::Expired);
    }

    #[test]
    fn only_the_current_generation_confirms_and_a_swap_starts_over() {
        let mut family = Family { confirmed: false, ..family(true) };
        for generation in [0, 4, 6, u32::MAX] {
            family.confirm(generation, at(110));
            assert!(!family.confirmed, "{generation}");
        }
        family.confirm(5, at(110));
        assert!(family.confirmed);
        assert!(family.swap(&Swap::new(CURRENT, 5, Uuid::from_u128(4), at(120), at(250))));
        assert!(!family.confirmed);
        family.confirm(5, at(121));
        assert!(!family.confirmed, "the previous generation reveals nothing about this one");
    }

    #[test]
    fn only_the_first_confirmation_starts_the_grace_period() {
        let mut family = Family { confirmed: false, ..family(true) };
        for now in [160, 170, 199] {
            family.confirm(5, at(now));
            assert_eq!(decide(Some(&family), PREVIOUS, 5, at(189), GRACE), Rotation::Retry);
            assert_eq!(decide(Some(&family), PREVIOUS, 5, at(190), GRACE), Rotation::Reuse);
        }
        let mut behind = Family { confirmed: false, ..family };
        behind.confirm(5, at(90));
        assert_eq!(
            behind.previous.map(|previous| previous.replaced_at),
            Some(at(160)),
            "a clock that is behind does not set it back"
        );
    }

    #[test]
    fn a_token_of_a_lost_refresh_is_rotated_but_an_older_one_is_not() {
        let decide = |id, generation| decide(Some(&family(true)), id, generation, at(150), GRACE);
        assert_eq!(decide(OLD, 6), Rotation::Rotate);
        assert_eq!(decide(OLD, u32::MAX), Rotation::Rotate);
        for generation in 0..=5 {
            assert_eq!(decide(OLD, generation), Rotation::Reuse);
            assert_eq!(decide(CURRENT, generation), Rotation::Rotate);
        }
    }

    #[test]
    fn a_refusal_is_settled_by_the_stored_family() {
        let swap = |presented, now| Swap::new(presented, 4, Uuid::from_u128(4), at(now), at(400));
        let settle = |family: Option<Family>, presented, now| {
            settle(SwapOutcome::Refused(family), &swap(presented, now), GRACE)
        };
        assert_eq!(settle(Some(family(true)), PREVIOUS, 129), Ok(family(true)));
        assert_eq!(settle(Some(family(true)), PREVIOUS, 130), Err(Rotation::Reuse));
        assert_eq!(settle(Some(family(true)), PREVIOUS, 200), Err(Rotation::Expired));
        assert_eq!(settle(None, PREVIOUS, 129), Err(Rotation::Unknown));
        assert_eq!(settle(Some(family(true)), CURRENT, 129), Err(Rotation::Rotate), "the store is faulty");
        let done_before = Family { current: Uuid::from_u128(4), ..family(true) };
        assert_eq!(settle(Some(done_before.clone()), OLD, 129), Ok(done_before));
    }

    #[test]
    fn an_elevation_is_recorded_exactly_for_a_token_that_gets_a_successor() {
        let elevation = Elevation::new(at(150), at(160), Some("mfa".to_owned()));
        for (presented, now, grace) in [
            (CURRENT, 150, GRACE),
            (CURRENT, 200, GRACE),
            (PREVIOUS, 129, GRACE),
            (PREVIOUS, 130, GRACE),
            (PREVIOUS, 129, Duration::ZERO),
            (PREVIOUS, 200, GRACE),
            (OLD, 100, GRACE),
        ] {
            let mut elevated = family(true);
            let decision = decide(Some(&elevated), presented, 5, at(now), grace);
            let swap = Swap::new(presented, 5, Uuid::from_u128(4), at(now), at(250));
            elevated.swap(&swap.with_elevation(elevation.clone(), grace));
            let gets_a_successor = matches!(decision, Rotation::Rotate | Rotation::Retry);
            assert_eq!(
                elevated.elevation.is_some(),
                gets_a_successor,
                "{presented} at {now}, grace {grace:?}"
            );
        }
    }

    #[test]
    fn a_refresh_does_not_revert_an_elevation() {
        let elevation = Some(Elevation::new(at(100), at(110), None));
        let mut elevated = Family { elevation: elevation.clone(), ..family(true) };
        for (presented, generation) in [(PREVIOUS, 5), (CURRENT, 5), (OLD, 7)] {
            elevated.swap(&Swap::new(presented, generation, Uuid::from_u128(4), at(120), at(250)));
            assert_eq!(elevated.elevation, elevation, "{presented}");
        }
    }

    #[test]
    fn nothing_is_rotated_in_a_family_without_refresh_tokens() {
        let mut family = Family::without_refresh(at(0), Duration::from_secs(300), Device::default());
        let before = family.clone();
        for (presented, generation) in
            [(Uuid::nil(), 0), (Uuid::nil(), 1), (OLD, 0), (OLD, 1), (OLD, u32::MAX)]
        {
            assert_eq!(decide(Some(&family), presented, generation, at(100), GRACE), Rotation::Unknown);
            assert!(!family.swap(&Swap::new(presented, generation, CURRENT, at(100), at(200))));
            assert_eq!(family, before, "{presented} of generation {generation}");
        }
        assert_eq!(decide(Some(&family), Uuid::nil(), 0, at(300), GRACE), Rotation::Expired);
    }

    #[test]
    fn the_absolute_end_applies_if_it_is_earlier() {
        let family = Family { absolute_end: at(150), ..family(true) };
        assert_eq!(decide(Some(&family), CURRENT, 5, at(149), GRACE), Rotation::Rotate);
        assert_eq!(decide(Some(&family), CURRENT, 5, at(150), GRACE), Rotation::Expired);
    }
}

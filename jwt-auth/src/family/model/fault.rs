//! Mistakes that the protocol does not make, to see that the model finds them.

use std::time::Duration;

use super::state::{ABSOLUTE, GRACE, State, Token, id, ticks};
use super::store::Store;
use super::{
    ALONE, CLIENTS, FAILOVER_AND_THIEF, FAILOVERS, REVOCATIONS, System, TABS, THIEF, property, walk,
};
use crate::clock::Timestamp;
use crate::family::{Family, PreviousToken, Swap, SwapOutcome};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Whatever is presented is swapped.
    SwapsAnything,
    /// An app reads the family, looks at it, and writes it back.
    ReadsThenWrites,
    /// A session that has ended is swapped.
    SwapsTheEnded,
    /// A swap moves the absolute end.
    MovesTheAbsoluteEnd,
    /// A token that was used is reuse at once.
    HasNoGrace,
    /// Each retry begins the grace anew.
    GraceSlides,
    /// The grace does not end.
    GraceIsEndless,
    /// A retry gets another token than the one that the family knows.
    RetryGetsAnother,
    /// Reuse is refused, and ends nothing.
    ReuseIsOnlyRefused,
    /// The feed tells what was ended in a second step.
    TellsLater,
    /// Tokens carry no generation.
    KnowsNoGeneration,
    /// A token of the same generation as the current one is taken for it.
    TakesTheSameGeneration,
}

impl Fault {
    fn swap(self, family: &mut Family, swap: &Swap) -> SwapOutcome {
        let mut swap = *swap;
        let absolute_end = family.absolute_end;
        match self {
            Self::SwapsAnything => swap.presented = family.current,
            Self::SwapsTheEnded => {
                family.absolute_end = Timestamp::MAX;
                family.idle_end = Timestamp::MAX;
            }
            Self::MovesTheAbsoluteEnd if family.current == swap.presented => {
                family.absolute_end = swap.now + ticks(ABSOLUTE);
            }
            Self::TakesTheSameGeneration if family.generation == swap.generation => swap.generation += 1,
            _ => {}
        }
        let swapped = SwapOutcome::apply(Some(family), &swap);
        if self == Self::SwapsTheEnded {
            family.absolute_end = absolute_end;
        }
        swapped
    }

    /// Writes a family that was read before, if it was to be swapped then.
    pub(super) fn write(store: &mut Store, mut read: Family, swap: &Swap) -> SwapOutcome {
        let swapped = SwapOutcome::apply(Some(&mut read), swap);
        if let SwapOutcome::Done(_) = swapped {
            store.families.retain(|family| family.sid != read.sid);
            store.families.push(read);
        }
        swapped
    }
}

impl System {
    /// What a store does for a swap.
    pub(super) fn swap(&self, family: Option<&mut Family>, swap: &Swap) -> SwapOutcome {
        match (self.fault, family) {
            (Some(fault), Some(family)) => fault.swap(family, swap),
            (_, family) => SwapOutcome::apply(family, swap),
        }
    }

    pub(super) fn grace(&self) -> Duration {
        match self.fault {
            Some(Fault::HasNoGrace) => Duration::ZERO,
            Some(Fault::GraceIsEndless) => Duration::MAX,
            _ => ticks(GRACE),
        }
    }

    pub(super) fn read_generation(&self, generation: u32) -> u32 {
        if self.fault == Some(Fault::KnowsNoGeneration) { 0 } else { generation }
    }

    /// Signs the token that a retry gets.
    pub(super) fn retry(&self, state: &mut State, family: &Family, now: Timestamp) -> Token {
        match (self.fault, &mut state.store.families[..]) {
            (
                Some(Fault::GraceSlides),
                [Family { previous: Some(PreviousToken { replaced_at, .. }), .. }],
            ) => {
                *replaced_at = now;
            }
            (Some(Fault::RetryGetsAnother), _) => {
                let another = Family { current: id(state.signed.len() as u8), ..family.clone() };
                return state.sign(&another);
            }
            _ => {}
        }
        state.sign(family)
    }
}

#[test]
fn the_model_finds_each_fault() {
    use property::*;
    let faults = [
        (Fault::SwapsAnything, THIEF, ONE_GOES_ON),
        (Fault::ReadsThenWrites, TABS, REVOKED_STAYS_REVOKED),
        (Fault::ReadsThenWrites, TABS, HONEST_STAYS),
        (Fault::SwapsTheEnded, ALONE, ENDED_GIVES_NOTHING),
        (Fault::MovesTheAbsoluteEnd, ALONE, ENDED_GIVES_NOTHING),
        (Fault::HasNoGrace, TABS, HONEST_STAYS),
        (Fault::GraceSlides, THIEF, REUSE_IS_FOUND),
        (Fault::GraceIsEndless, THIEF, REUSE_IS_FOUND),
        (Fault::RetryGetsAnother, TABS, HONEST_STAYS),
        (Fault::ReuseIsOnlyRefused, THIEF, REUSE_IS_FOUND),
        (Fault::TellsLater, REVOCATIONS, REFUSED_EVERYWHERE),
        (Fault::KnowsNoGeneration, FAILOVERS, HONEST_STAYS),
        (Fault::TakesTheSameGeneration, FAILOVER_AND_THIEF, ONE_LIVE_TOKEN),
    ];
    for (fault, system, property) in faults {
        walk::fails(&format!("{fault:?}"), System { fault: Some(fault), ..system }, property);
    }
}

/// Where the protocol keeps less than its properties say.
#[test]
fn the_model_finds_each_limit() {
    // The store did what a login asked for, and its answer was lost; a logout everywhere ended the session;
    // and when the login is sent again, the session is there once more.
    let login_sent_again = System { resends: true, ..CLIENTS };
    walk::fails("a login that is sent again", login_sent_again, property::REVOKED_STAYS_REVOKED);

    // One tab has its answer, the store forgets that, and the other tab gets another successor. Whether it
    // was the other tab or a thief, nobody can tell.
    let tabs_at_a_failover = System { tabs: 2, ..FAILOVERS };
    walk::fails("two tabs at a failover", tabs_at_a_failover, property::HONEST_STAYS);
}

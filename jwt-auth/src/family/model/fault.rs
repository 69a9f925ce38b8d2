//! Mistakes that the protocol does not make, to see that the model finds them.

use std::time::Duration;

use super::System;
use super::state::{ABSOLUTE, State, Token, id, ticks};
use super::store::Store;
use crate::clock::Timestamp;
use crate::family::{Family, PreviousToken, Swap, SwapOutcome};
use crate::owner::Revision;

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
    /// The grace counts from the refresh, however late its response was confirmed.
    GraceStartsEarly,
    /// Each retry starts the grace over.
    GraceSlides,
    /// The grace does not end, so a confirmed successor is handed out again.
    GraceIsEndless,
    /// Without a grace, a successor that was not confirmed is handed out again.
    StrictIsLenient,
    /// After the grace, a successor that was not confirmed is not handed out again.
    DropsTheUnconfirmed,
    /// A confirmation of an earlier generation counts.
    ConfirmsAnyGeneration,
    /// A swap keeps the confirmation of the generation before.
    SwapKeepsTheConfirmation,
    /// A retry gets another token than the one that the family knows.
    RetryGetsAnother,
    /// Reuse is refused, but ends nothing.
    ReuseIsOnlyRefused,
    /// The feed announces what was ended in a second step.
    TellsLater,
    /// Tokens carry no generation.
    KnowsNoGeneration,
    /// A token of the same generation as the current one is taken for it.
    TakesTheSameGeneration,
    /// A logout everywhere announces a revision, but the store does not keep it.
    KeepsNoRevision,
    /// A logout everywhere assigns the same revision again.
    AssignsTheSameRevision,
    /// The store does not continue from the revision that an app has heard of.
    IgnoresWhatWasHeard,
    /// Login and refresh learn the revision in a second step.
    ReadsTheRevisionLater,
    /// The revocation does not say which session is spared.
    SparesNone,
    /// A revocation spares a session that is no longer in the store.
    SparesTheEnded,
    /// A user and a device with the same subject are the same owner.
    ForgetsTheKind,
}

impl Fault {
    fn swap(self, family: &mut Family, swap: &Swap) -> SwapOutcome {
        let mut swap = *swap;
        let (absolute_end, confirmed) = (family.absolute_end, family.confirmed);
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
        match self {
            Self::SwapsTheEnded => family.absolute_end = absolute_end,
            Self::SwapKeepsTheConfirmation => family.confirmed = confirmed,
            _ => {}
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
    /// The store's part of a swap.
    pub(super) fn swap(&self, family: Option<&mut Family>, swap: &Swap) -> SwapOutcome {
        match (self.fault, family) {
            (Some(fault), Some(family)) => fault.swap(family, swap),
            (_, family) => SwapOutcome::apply(family, swap),
        }
    }

    /// What an app makes of the store's answer to a swap.
    pub(super) fn read(&self, outcome: SwapOutcome) -> SwapOutcome {
        match outcome {
            SwapOutcome::Refused(Some(family)) if self.fault == Some(Fault::DropsTheUnconfirmed) => {
                SwapOutcome::Refused(Some(Family { confirmed: true, ..family }))
            }
            outcome => outcome,
        }
    }

    pub(super) fn reuse_grace(&self) -> Duration {
        match self.fault {
            Some(Fault::HasNoGrace) => Duration::ZERO,
            Some(Fault::GraceIsEndless) => Duration::MAX,
            Some(Fault::StrictIsLenient) => Duration::from_millis(1),
            _ => ticks(self.grace),
        }
    }

    pub(super) fn read_generation(&self, generation: u32) -> u32 {
        if self.fault == Some(Fault::KnowsNoGeneration) { 0 } else { generation }
    }

    /// The revision after this one. The store's clock is set back, which is the worst case.
    pub(super) fn next_revision(&self, revision: Revision) -> Revision {
        match self.fault {
            Some(Fault::AssignsTheSameRevision) => revision,
            // Where no app looks at it, it would only multiply the states.
            _ if !self.hears => revision,
            _ => revision.next(Timestamp::from_millis(0)),
        }
    }

    /// Signs the token that a retry gets.
    pub(super) fn retry(
        &self,
        state: &mut State,
        family: &Family,
        revision: Revision,
        now: Timestamp,
    ) -> Token {
        match (self.fault, &mut state.store.families[..]) {
            (
                Some(Fault::GraceSlides),
                [Family { previous: Some(PreviousToken { replaced_at, .. }), .. }],
            ) => {
                *replaced_at = now;
            }
            (Some(Fault::RetryGetsAnother), _) => {
                let another = Family { current: id(state.signed.len() as u8), ..family.clone() };
                return state.sign(&another, Some(revision));
            }
            _ => {}
        }
        state.sign(family, Some(revision))
    }
}

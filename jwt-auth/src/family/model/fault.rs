//! Faults that the protocol does not have, to show that the model would find them.

use std::time::Duration;

use super::System;
use super::state::{ABSOLUTE, State, Token, id, ticks};
use super::store::Store;
use crate::clock::Timestamp;
use crate::family::{Elevation, Family, PreviousToken, Swap, SwapOutcome};
use crate::owner::Revision;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Any token that is presented is swapped.
    SwapsAnything,
    /// An app reads the family, decides, and writes the family back.
    ReadsThenWrites,
    /// A session that has ended is swapped.
    SwapsTheEnded,
    /// A swap moves the absolute end.
    MovesTheAbsoluteEnd,
    /// A replaced token counts as reused immediately.
    HasNoGrace,
    /// The grace period starts at the refresh, however late its response was confirmed.
    GraceStartsEarly,
    /// Each retry restarts the grace period.
    GraceSlides,
    /// The grace period does not end, so a confirmed successor is handed out again.
    GraceIsEndless,
    /// Without a grace period, an unconfirmed successor is handed out again.
    StrictIsLenient,
    /// After the grace period, an unconfirmed successor is not handed out again.
    DropsTheUnconfirmed,
    /// A confirmation of an earlier generation counts.
    ConfirmsAnyGeneration,
    /// A swap keeps the confirmation of the previous generation.
    SwapKeepsTheConfirmation,
    /// A retry gets a different token from the one that the family contains.
    RetryGetsAnother,
    /// Reuse is refused, but does not end the session.
    ReuseIsOnlyRefused,
    /// The store ends a session first, and the feed announces it only in a second step.
    TellsLater,
    /// Tokens carry no generation.
    KnowsNoGeneration,
    /// A token of the same generation as the current token is mistaken for it.
    TakesTheSameGeneration,
    /// A logout everywhere announces a revision, but the store does not save it.
    KeepsNoRevision,
    /// A logout everywhere assigns the same revision again.
    AssignsTheSameRevision,
    /// The store does not continue from the revision that an app has received.
    IgnoresWhatWasHeard,
    /// Login and refresh read the revision in a second step.
    ReadsTheRevisionLater,
    /// The revocation does not say which session is spared.
    SparesNone,
    /// A revocation spares a session that is no longer in the store.
    SparesTheEnded,
    /// A user and a device with the same subject are the same owner.
    ForgetsTheKind,
    /// A refresh resets the sign-in.
    RefreshReverts,
    /// A retry does not elevate the session.
    RetryDoesNotElevate,
    /// The previous token elevates the session, whatever its grace period.
    AnyPreviousElevates,
    /// An elevation does not end.
    ElevationIsEndless,
}

impl Fault {
    fn swap(self, family: &mut Family, swap: &Swap) -> SwapOutcome {
        let mut swap = swap.clone();
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
            Self::RetryDoesNotElevate => swap.reuse_grace = Duration::ZERO,
            Self::AnyPreviousElevates => swap.reuse_grace = Duration::MAX,
            Self::ElevationIsEndless => {
                swap.elevation = swap.elevation.map(|it| Elevation { until: Timestamp::MAX, ..it });
            }
            Self::TakesTheSameGeneration if family.generation == swap.generation => swap.generation += 1,
            _ => {}
        }
        let swapped = SwapOutcome::apply(Some(family), &swap);
        match self {
            Self::SwapsTheEnded => family.absolute_end = absolute_end,
            Self::SwapKeepsTheConfirmation => family.confirmed = confirmed,
            Self::RefreshReverts if matches!(swapped, SwapOutcome::Done(_)) => {
                family.elevation = swap.elevation;
                return SwapOutcome::Done(family.clone());
            }
            _ => {}
        }
        swapped
    }

    /// Writes back a family that was read earlier, if it could be swapped at that time.
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
    /// Carries out the store's part of a swap.
    pub(super) fn swap(&self, family: Option<&mut Family>, swap: &Swap) -> SwapOutcome {
        match (self.fault, family) {
            (Some(fault), Some(family)) => fault.swap(family, swap),
            (_, family) => SwapOutcome::apply(family, swap),
        }
    }

    /// Returns the store's answer to a swap as an app interprets it.
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

    /// Returns the revision after this one. The store's clock was set back, which is the worst case.
    pub(super) fn next_revision(&self, revision: Revision) -> Revision {
        match self.fault {
            Some(Fault::AssignsTheSameRevision) => revision,
            // If no app looks at it, it would only multiply the states.
            _ if !self.hears => revision,
            _ => revision.next(Timestamp::from_millis(0)),
        }
    }

    /// Signs the token that is handed out for a retry.
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

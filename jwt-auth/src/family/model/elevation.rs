//! Elevations: an owner signs in again within a session.

use std::time::Duration;

use super::System;
use super::state::{ACCESS, State, ticks, time};
use crate::family::{Elevation, Family, Swap};

/// How long an elevation counts, in ticks.
const ELEVATED: u8 = 2;

/// Facts about elevations that remain true once they are true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct SeenElevations {
    /// A pair was handed out without the sign-in that was in force.
    pub(super) reverted: bool,
    /// A pair was handed out with a sign-in that was over or had never happened, or with an access token that outlives it.
    pub(super) outlived: bool,
    /// A token that got no successor elevated its session.
    pub(super) for_nothing: bool,
    /// A pair was handed out with a new sign-in.
    pub(super) handed_out: bool,
    /// A token elevated its session although it had been replaced.
    pub(super) by_retry: bool,
    /// A pair was handed out with the earlier sign-in, because the new one was over.
    pub(super) ended: bool,
}

impl System {
    /// Adds the sign-in of a user to a swap.
    pub(super) fn elevate(&self, swap: Swap, clock: u8) -> Swap {
        let elevation = Elevation::new(time(clock), time(clock + ELEVATED), None);
        swap.with_elevation(elevation, self.reuse_grace())
    }
}

impl State {
    /// Records that a token has elevated its session, and got a successor for it.
    pub(super) fn judge_elevation(&mut self, sid: u8, clock: u8, is_retry: bool) {
        self.store.past[usize::from(sid)].elevated_until = Some(clock + ELEVATED);
        self.seen.elevations.by_retry |= is_retry;
    }

    /// Records the sign-in of a pair that an app hands out.
    pub(super) fn judge_sign_in(&mut self, family: &Family, sid: u8, clock: u8) {
        let until = self.store.past(sid).elevated_until;
        let is_in_force = until.is_some_and(|until| clock < until);
        let is_elevated = family.elevation_at(time(clock), Duration::ZERO).is_some();
        let end = family.access_token_end(time(clock), ticks(ACCESS), Duration::ZERO);
        let seen = &mut self.seen.elevations;
        seen.reverted |= is_in_force && !is_elevated;
        seen.outlived |= is_elevated && until.is_none_or(|until| clock >= until || end > time(until));
        seen.handed_out |= is_elevated;
        seen.ended |= until.is_some() && !is_elevated;
    }

    /// Records that a token got no successor. `before` is the session before it was presented.
    pub(super) fn judge_no_elevation(&mut self, before: Option<&Family>, sid: u8) {
        let elevation = |family: Option<&Family>| family.and_then(|family| family.elevation.clone());
        self.seen.elevations.for_nothing |= elevation(before) != elevation(self.store.family(sid));
    }
}

//! Swaps: a refresh as a store carries it out.

use std::time::Duration;

use uuid::Uuid;

use super::{Elevation, Family};
use crate::clock::Timestamp;

/// A refresh for a store to carry out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Swap {
    /// The `jti` of the presented refresh token.
    pub presented: Uuid,
    /// The generation of the presented refresh token.
    pub generation: u32,
    /// The `jti` of its successor. It is unique to this refresh, so a retry can recognize that the first attempt
    /// succeeded.
    pub next: Uuid,
    /// The current time.
    pub now: Timestamp,
    /// The new idle end of the family, unless its absolute end is earlier.
    pub idle_end: Timestamp,
    /// The sign-in to record in the same step, if the user has signed in again.
    pub elevation: Option<Elevation>,
    /// The grace period, which decides whether the previous token may record an elevation. Zero without one.
    pub reuse_grace: Duration,
}

/// The result of a [`RefreshStore::compare_and_swap`](crate::store::RefreshStore::compare_and_swap).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SwapOutcome {
    /// The token was replaced. Contains the family as it is now.
    Done(Family),
    /// The token was not replaced. Contains the family, if there is one. Its [`device`](Family::device) may be missing.
    Refused(Option<Family>),
}

impl Swap {
    /// Creates a swap that replaces the token `presented` of this generation with `next`.
    pub const fn new(
        presented: Uuid,
        generation: u32,
        next: Uuid,
        now: Timestamp,
        idle_end: Timestamp,
    ) -> Self {
        let (elevation, reuse_grace) = (None, Duration::ZERO);
        Self { presented, generation, next, now, idle_end, elevation, reuse_grace }
    }

    /// Adds a sign-in to record. `reuse_grace` is the grace period of the previous token.
    pub fn with_elevation(self, elevation: Elevation, reuse_grace: Duration) -> Self {
        Self { elevation: Some(elevation), reuse_grace, ..self }
    }
}

impl SwapOutcome {
    /// Carries out a swap in place, for stores that lock a family while they change it.
    pub fn apply(family: Option<&mut Family>, swap: &Swap) -> Self {
        match family {
            Some(family) => match family.swap(swap) {
                true => Self::Done(family.clone()),
                false => Self::Refused(Some(family.clone())),
            },
            None => Self::Refused(None),
        }
    }
}

//! Swaps: a refresh as a store carries it out.

use uuid::Uuid;

use super::Family;
use crate::clock::Timestamp;

/// A refresh for a store to carry out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        Self { presented, generation, next, now, idle_end }
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

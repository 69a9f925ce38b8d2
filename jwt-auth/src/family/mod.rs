//! Families. A family is the chain of refresh tokens that began with one login, each token the successor of the
//! previous one. Users see it as a session.

mod bytes;
mod device;
#[cfg(test)]
mod model;
mod rotation;

use std::time::Duration;

use uuid::Uuid;

use crate::clock::Timestamp;

pub use device::Device;
pub(crate) use rotation::{Rotation, decide, settle};

/// A family in the form that a store keeps: the chain of refresh tokens that began with one login, each token the
/// successor of the previous one. It contains ids, but no tokens. Users see it as a [`Session`](crate::Session).
///
/// A store keeps it as [bytes](Self::to_bytes), which may gain fields in later versions of this crate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Family {
    /// The id of the family: the `sid` of its tokens.
    pub sid: Uuid,
    /// The `jti` of the current refresh token.
    pub current: Uuid,
    /// The number of refreshes so far. The refresh token contains it as `gen`.
    pub generation: u32,
    /// The refresh token before the current one, or `None` before the first refresh.
    pub previous: Option<PreviousToken>,
    /// Whether the current tokens are known to have reached their client, because an access token of this generation
    /// was used. Until then, the previous refresh token can be exchanged for the current one again.
    pub confirmed: bool,
    /// When the user signed in.
    pub created_at: Timestamp,
    /// When the family ends unless it is refreshed. Never after `absolute_end`.
    pub idle_end: Timestamp,
    /// When the family ends, however often it is refreshed.
    pub absolute_end: Timestamp,
    /// The device, for the user's list of sessions.
    pub device: Device,
}

/// A refresh token that was replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PreviousToken {
    /// Its `jti`.
    pub id: Uuid,
    /// When it was replaced or, if that was later, when its successor was [confirmed](Family::confirmed). The grace
    /// period starts at this time.
    pub replaced_at: Timestamp,
}

impl PreviousToken {
    /// Creates the record of a replaced token.
    pub const fn new(id: Uuid, replaced_at: Timestamp) -> Self {
        Self { id, replaced_at }
    }
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

impl Family {
    /// Creates a family that begins now, with random ids. It ends after `idle` unless it is refreshed, and after `absolute`
    /// in any case.
    pub fn begin(now: Timestamp, idle: Duration, absolute: Duration, device: Device) -> Self {
        let absolute_end = now + absolute;
        Self {
            sid: Uuid::new_v4(),
            current: Uuid::new_v4(),
            generation: 0,
            previous: None,
            confirmed: false,
            created_at: now,
            idle_end: (now + idle).min(absolute_end),
            absolute_end,
            device,
        }
    }

    /// Returns whether the family has not ended yet.
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.idle_end.min(self.absolute_end)
    }

    /// Returns when the family was last refreshed, or when the tokens of that refresh were first used. Returns when it began
    /// if it was never refreshed.
    pub fn last_used_at(&self) -> Timestamp {
        // The clock of the refresh may be behind that of the login.
        self.previous.map_or(self.created_at, |previous| previous.replaced_at.max(self.created_at))
    }

    /// Drops the families that have ended, and then the least recently used ones until there is room for one more
    /// within `max_sessions`. Returns the ids of the live families that were dropped.
    pub fn make_room(families: &mut Vec<Self>, now: Timestamp, max_sessions: usize) -> Vec<Uuid> {
        families.retain(|family| family.is_live(now));
        families.sort_by_key(|family| (family.last_used_at(), family.sid));
        let surplus = (families.len() + 1).saturating_sub(max_sessions.max(1));
        families.drain(..surplus).map(|family| family.sid).collect()
    }

    /// Returns whether a verified refresh token of the family is the one to replace: the current token, or one of a
    /// later generation. A later generation exists only if the store lost refreshes, as Redis may when it fails over or
    /// restarts from an older copy. It is not a sign of theft.
    pub fn is_next_to_swap(&self, id: Uuid, generation: u32) -> bool {
        self.current == id || generation > self.generation
    }

    /// Replaces the presented token if it [is the one to replace](Self::is_next_to_swap) and the family is live. Returns
    /// whether it did. The absolute end does not change.
    pub fn swap(&mut self, swap: &Swap) -> bool {
        if !self.is_live(swap.now) || !self.is_next_to_swap(swap.presented, swap.generation) {
            return false;
        }
        self.previous = Some(PreviousToken { id: swap.presented, replaced_at: swap.now });
        self.current = swap.next;
        self.generation = self.generation.max(swap.generation).saturating_add(1);
        self.confirmed = false;
        self.idle_end = swap.idle_end.min(self.absolute_end);
        true
    }

    /// Records that the current tokens have reached their client, if this is their generation. Another generation
    /// reveals nothing about them. Only the first confirmation counts. It starts the grace period of the previous
    /// token, because other tabs of the client may have retried at the same moment.
    pub fn confirm(&mut self, generation: u32, now: Timestamp) {
        if self.confirmed || generation != self.generation {
            return;
        }
        self.confirmed = true;
        if let Some(previous) = &mut self.previous {
            previous.replaced_at = previous.replaced_at.max(now);
        }
    }
}

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

//! A family: the line of refresh tokens that began with one login, each the successor of the last.
//! To its user it is a session.

use std::time::Duration;

use uuid::Uuid;

use super::device::Device;
use crate::clock::Timestamp;

/// What a store keeps of a family. No token is kept, only ids.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Family {
    /// The id of the family, the `sid` of its tokens.
    pub sid: Uuid,
    /// The `jti` of the one refresh token that is good.
    pub current: Uuid,
    /// How many refreshes led to it. Its refresh token carries it too, as `gen`.
    pub generation: u32,
    /// The refresh token before it; none, before the first refresh.
    pub previous: Option<Previous>,
    /// When the login was.
    pub created_at: Timestamp,
    /// When it ends unless it is refreshed. Not after `absolute_end`.
    pub idle_end: Timestamp,
    /// When it ends however often it is refreshed.
    pub absolute_end: Timestamp,
    /// What its user may want to see of the device.
    pub device: Device,
}

/// A refresh token that has a successor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Previous {
    /// Its `jti`.
    pub id: Uuid,
    /// When its successor took its place.
    pub replaced_at: Timestamp,
}

impl Family {
    /// A family that begins now.
    pub(crate) fn begin(now: Timestamp, idle: Duration, absolute: Duration, device: Device) -> Self {
        let absolute_end = now + absolute;
        Self {
            sid: Uuid::new_v4(),
            current: Uuid::new_v4(),
            generation: 0,
            previous: None,
            created_at: now,
            idle_end: (now + idle).min(absolute_end),
            absolute_end,
            device,
        }
    }

    /// Whether its refresh tokens can still be used.
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.idle_end.min(self.absolute_end)
    }

    /// When it was last refreshed, or began.
    pub fn last_used_at(&self) -> Timestamp {
        // The clock that it was refreshed by may be behind the one that it began by.
        self.previous.map_or(self.created_at, |previous| previous.replaced_at.max(self.created_at))
    }

    /// Drops from a subject's families those that have ended, and then those used longest ago until
    /// one more makes at most `max_sessions`. Tells which of them were live.
    pub fn make_room(families: &mut Vec<Self>, now: Timestamp, max_sessions: usize) -> Vec<Uuid> {
        families.retain(|family| family.is_live(now));
        families.sort_by_key(|family| (family.last_used_at(), family.sid));
        let surplus = (families.len() + 1).saturating_sub(max_sessions.max(1));
        families.drain(..surplus).map(|family| family.sid).collect()
    }

    /// Whether a refresh token of the family, whose signature is good, is the one to swap: the current
    /// one, or one of a later generation. There is such a one only when the store forgot the swaps that
    /// led to it, as a Redis may that fails over or starts again from an older copy. Whoever holds it is
    /// no thief for that.
    pub fn is_next_to_swap(&self, id: Uuid, generation: u32) -> bool {
        self.current == id || generation > self.generation
    }

    /// Puts the next token in place of the one that was presented, if that
    /// [is the one to swap](Self::is_next_to_swap) and the family is live, and says whether it did. The
    /// absolute end stays.
    pub fn swap(&mut self, swap: &Swap) -> bool {
        if !self.is_live(swap.now) || !self.is_next_to_swap(swap.presented, swap.generation) {
            return false;
        }
        self.previous = Some(Previous { id: swap.presented, replaced_at: swap.now });
        self.current = swap.next;
        self.generation = self.generation.max(swap.generation).saturating_add(1);
        self.idle_end = swap.idle_end.min(self.absolute_end);
        true
    }
}

/// A refresh, as a store is asked to carry it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Swap {
    /// The `jti` of the refresh token that was presented.
    pub presented: Uuid,
    /// Its generation.
    pub generation: u32,
    /// The `jti` of its successor. Nobody else has it, so a store that was asked twice is found to
    /// have done it the first time.
    pub next: Uuid,
    /// The time.
    pub now: Timestamp,
    /// The new end of the family, unless its absolute end comes before.
    pub idle_end: Timestamp,
}

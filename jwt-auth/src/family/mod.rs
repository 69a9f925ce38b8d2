//! Families. A family is the chain of refresh tokens that began with one login, each token the successor of the
//! previous one. Users see it as a session.

mod bytes;
mod device;
mod elevation;
#[cfg(test)]
mod model;
mod rotation;
mod swap;

use std::time::Duration;

use uuid::Uuid;

use crate::clock::Timestamp;

pub use device::Device;
pub use elevation::Elevation;
pub(crate) use rotation::{Rotation, decide, settle};
pub use swap::{Swap, SwapOutcome};

/// A family in the form that a store keeps: the chain of refresh tokens that began with one login, each token the
/// successor of the previous one. It contains ids, but no tokens. Users see it as a [`Session`](crate::Session).
///
/// A store keeps it as [bytes](Self::to_bytes), which may gain fields in later versions of this crate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Family {
    /// The id of the family: the `sid` of its tokens.
    pub sid: Uuid,
    /// The `jti` of the current refresh token, or the nil UUID if the family [has none](Self::has_refresh_token).
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
    /// The latest sign-in within the session, whether or not it is still in force.
    pub elevation: Option<Elevation>,
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
            elevation: None,
            device,
        }
    }

    /// Creates a family without a refresh token, for an access token that lives this long.
    pub(crate) fn without_refresh(now: Timestamp, lifetime: Duration, device: Device) -> Self {
        Self { current: Uuid::nil(), ..Self::begin(now, lifetime, lifetime, device) }
    }

    /// Returns whether the family has refresh tokens. If it does not, it belongs to a single access token with a lifetime
    /// of its own ([`NewAccessToken::ttl`](crate::NewAccessToken::ttl)), and no refresh continues it.
    pub fn has_refresh_token(&self) -> bool {
        !self.current.is_nil()
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

    /// Makes room for this family, which is not among the `families` of its owner yet: drops those that have ended, and
    /// then the least recently used ones, until this one fits within `max_sessions`. Returns the ids of the live families
    /// that were dropped.
    ///
    /// Families with and without a [refresh token](Self::has_refresh_token) are counted separately, so a login never ends a
    /// program's access token, and a program's access token never ends a login.
    pub fn make_room(&self, families: &mut Vec<Self>, now: Timestamp, max_sessions: usize) -> Vec<Uuid> {
        families.retain(|family| family.is_live(now));
        families.sort_by_key(|family| (family.last_used_at(), family.sid));
        let competes = |family: &Self| family.has_refresh_token() == self.has_refresh_token();
        let count = families.iter().filter(|family| competes(family)).count();
        let mut surplus = (count + 1).saturating_sub(max_sessions.max(1));
        let is_surplus = |family: &mut Self| {
            let drops = surplus > 0 && competes(family);
            surplus -= usize::from(drops);
            drops
        };
        families.extract_if(.., is_surplus).map(|family| family.sid).collect()
    }

    /// Returns whether a verified refresh token of the family is the one to replace: the current token, or one of a
    /// later generation. A later generation exists only if the store lost refreshes, as Redis may when it fails over or
    /// restarts from an older copy. It is not a sign of theft. In a family without refresh tokens, there is none to replace.
    pub fn is_next_to_swap(&self, id: Uuid, generation: u32) -> bool {
        self.has_refresh_token() && (self.current == id || generation > self.generation)
    }

    /// Returns the sign-in within the session that counts now, if there is one.
    pub(crate) fn elevation_at(&self, now: Timestamp, leeway: Duration) -> Option<&Elevation> {
        self.elevation.as_ref().filter(|elevation| elevation.is_in_force(now, leeway))
    }

    /// Returns when an access token that is issued now expires: no later than the session would without a refresh, and no
    /// later than the elevation that it contains.
    pub(crate) fn access_token_end(
        &self,
        now: Timestamp,
        access_ttl: Duration,
        leeway: Duration,
    ) -> Timestamp {
        let elevation_end =
            self.elevation_at(now, leeway).map_or(Timestamp::MAX, |elevation| elevation.until);
        (now + access_ttl).min(self.idle_end).min(self.absolute_end).min(elevation_end)
    }

    /// Returns whether a replaced token gets its successor again: it is the previous one, and its successor was not
    /// confirmed, or not longer ago than the grace period. Without a grace period, no token does.
    pub(crate) fn is_retry(&self, presented: Uuid, now: Timestamp, reuse_grace: Duration) -> bool {
        self.previous.is_some_and(|previous| {
            let is_over = self.confirmed && now.since(previous.replaced_at) >= reuse_grace;
            presented == previous.id && !reuse_grace.is_zero() && !is_over
        })
    }

    /// Replaces the presented token if it [is the one to replace](Self::is_next_to_swap) and the family is live. Returns
    /// whether it did. The absolute end does not change.
    ///
    /// If the user has signed in again, this also records the [elevation](Swap::elevation), even if the presented token is
    /// the previous one that gets the same successor again. A swap without an elevation never changes an earlier one.
    pub fn swap(&mut self, swap: &Swap) -> bool {
        if !self.is_live(swap.now) {
            return false;
        }
        let is_next = self.is_next_to_swap(swap.presented, swap.generation);
        if swap.elevation.is_some() && (is_next || self.is_retry(swap.presented, swap.now, swap.reuse_grace))
        {
            self.elevation.clone_from(&swap.elevation);
        }
        if !is_next {
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

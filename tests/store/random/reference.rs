//! The expected result of every operation, derived only from the rules of a family.

use std::collections::BTreeSet;
use std::time::Duration;

use jwt_auth::clock::Timestamp;
use jwt_auth::store::{Family, Swap};
use jwt_auth::{Device, InvalidGrant, InvalidToken};
use uuid::Uuid;

pub(super) const GRACE: Duration = Duration::from_secs(10);
pub(super) const ACCESS_TTL: Duration = Duration::from_secs(20);
pub(super) const REFRESH_TTL: Duration = Duration::from_secs(60);
pub(super) const SESSION_TTL: Duration = Duration::from_secs(150);
pub(super) const LEEWAY: Duration = Duration::from_secs(5);
pub(super) const MAX_SESSIONS: usize = 3;

/// A refresh token, and the access token that came with it.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) refresh: String,
    pub(super) access: String,
    pub(super) user: usize,
    pub(super) sid: Uuid,
    pub(super) jti: Uuid,
    pub(super) access_jti: Uuid,
    pub(super) generation: u32,
    pub(super) revision: u64,
    pub(super) issued_at: Timestamp,
    pub(super) expires_at: Timestamp,
    /// When the session would have ended without another refresh.
    pub(super) session_end: Timestamp,
}

/// The expected result of a refresh.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Outcome {
    /// The refresh succeeds. This is the family after it, except for the id of the successor.
    Rotated(Family),
    Retried(Family),
    Refused(InvalidGrant),
}

/// The expected sessions of two users.
#[derive(Default)]
pub(super) struct Reference {
    pub(super) families: [Vec<Family>; 2],
    /// Earlier states, oldest first.
    history: [Vec<Vec<Family>>; 2],
    /// All sessions that have ever been ended.
    pub(super) ended: BTreeSet<Uuid>,
    /// All access tokens that have ever been revoked by id.
    pub(super) ended_tokens: BTreeSet<Uuid>,
}

impl Reference {
    /// Returns the family that a login starts.
    pub(super) fn begin(sid: Uuid, current: Uuid, now: Timestamp) -> Family {
        let mut family = Family::begin(now, REFRESH_TTL, SESSION_TTL, Device::default());
        (family.sid, family.current) = (sid, current);
        family
    }

    /// Inserts a family and returns the sessions that the limit drops.
    pub(super) fn insert(&mut self, user: usize, family: Family) -> Vec<Uuid> {
        let families = &mut self.families[user];
        let dropped = family.make_room(families, family.created_at, MAX_SESSIONS);
        families.push(family);
        self.ended.extend(&dropped);
        dropped
    }

    pub(super) fn refresh(&self, token: &Token, now: Timestamp) -> Outcome {
        if now >= token.expires_at + LEEWAY {
            return Outcome::Refused(InvalidGrant::Token(InvalidToken::Expired));
        }
        let Some(family) = self.find(token) else { return Outcome::Refused(InvalidGrant::Unknown) };
        let mut swapped = family.clone();
        let swap = Swap::new(token.jti, token.generation, Uuid::nil(), now, now + REFRESH_TTL);
        if swapped.swap(&swap) {
            return Outcome::Rotated(swapped);
        }
        match family.previous {
            _ if !family.is_live(now) => Outcome::Refused(InvalidGrant::Expired),
            Some(previous)
                if previous.id == token.jti
                    && (!family.confirmed || now.since(previous.replaced_at) < GRACE) =>
            {
                Outcome::Retried(family.clone())
            }
            _ => Outcome::Refused(InvalidGrant::Reused),
        }
    }

    /// Confirms the generation of a token, as the first request with its access token does.
    pub(super) fn confirm(&mut self, token: &Token, now: Timestamp) {
        let found = self.families[token.user].iter_mut().find(|family| family.sid == token.sid);
        if let Some(family) = found
            && family.generation == token.generation
            && !family.confirmed
        {
            family.confirmed = true;
            if let Some(previous) = &mut family.previous {
                previous.replaced_at = now.max(previous.replaced_at);
            }
        }
    }

    pub(super) fn find(&self, token: &Token) -> Option<&Family> {
        self.families[token.user].iter().find(|family| family.sid == token.sid)
    }

    pub(super) fn replace(&mut self, user: usize, family: Family) {
        let found = self.families[user].iter_mut().find(|other| other.sid == family.sid);
        *found.expect("only an existing family is replaced") = family;
    }

    /// Removes a session and returns whether it existed.
    pub(super) fn remove(&mut self, user: usize, sid: Uuid) -> bool {
        let before = self.families[user].len();
        self.families[user].retain(|family| family.sid != sid);
        let removed = self.families[user].len() < before;
        if removed {
            self.ended.insert(sid);
        }
        removed
    }

    pub(super) fn remove_all(&mut self, user: usize) -> Vec<Uuid> {
        let all: Vec<Uuid> = self.families[user].drain(..).map(|family| family.sid).collect();
        self.ended.extend(&all);
        all
    }

    /// Records the current state, so that later changes can be undone.
    pub(super) fn remember(&mut self, user: usize) {
        if self.history[user].last() != Some(&self.families[user]) {
            self.history[user].push(self.families[user].clone());
        }
    }

    /// Undoes the last changes and returns the remaining sessions.
    pub(super) fn undo(&mut self, user: usize, last: usize) -> Vec<Family> {
        let history = &mut self.history[user];
        history.truncate(history.len().saturating_sub(last));
        self.families[user] = history.last().cloned().unwrap_or_default();
        self.families[user].clone()
    }
}

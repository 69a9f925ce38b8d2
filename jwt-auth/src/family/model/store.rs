//! The store: each of its operations is one step, in which what it ends is also told.

use super::System;
use super::fault::Fault;
use super::judge::TOO_LATE;
use super::state::{IDLE, SKEW, Sessions, Token, id, number};
use crate::clock::Timestamp;
use crate::family::{Family, Swap, SwapOutcome};

/// The families of the one user. What the properties are judged by is here too: a store that forgot its
/// last writes is not judged by them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Store {
    pub(super) families: Vec<Family>,
    /// The sessions that its feed tells of.
    pub(super) feed: Sessions,
    /// The sessions that it was made to end.
    pub(super) revoked: Sessions,
    /// For each token, how long ago it first got a successor; counts up to `TOO_LATE`.
    used: Vec<Option<u8>>,
    /// For each session, how long it is idle.
    idle: Vec<u8>,
}

impl Store {
    pub(super) fn insert(&mut self, family: &Family, now: Timestamp, max_sessions: usize) -> Sessions {
        self.families.retain(|other| other.sid != family.sid);
        let dropped = Family::make_room(&mut self.families, now, max_sessions).into_iter().collect();
        self.families.push(family.clone());
        self.families.sort_by_key(|family| family.sid);
        self.was_used(number(family.sid));
        self.revoked.add(dropped);
        self.feed.add(dropped);
        dropped
    }

    pub(super) fn swap(&mut self, system: &System, sid: u8, swap: &Swap) -> SwapOutcome {
        let family = self.families.iter_mut().find(|family| family.sid == id(sid));
        let swapped = system.swap(family, swap);
        if let SwapOutcome::Done(_) = swapped {
            let token = usize::from(number(swap.presented));
            self.used.resize(self.used.len().max(token + 1), None);
            self.used[token].get_or_insert(0);
            self.was_used(sid);
        }
        swapped
    }

    pub(super) fn remove(&mut self, sid: u8, system: &System) -> Sessions {
        let there = self.family(sid).is_some();
        self.families.retain(|family| family.sid != id(sid));
        if there {
            self.revoked.add(Sessions::one(sid));
            if system.fault != Some(Fault::TellsLater) {
                self.feed.add(Sessions::one(sid));
            }
        }
        Sessions::one(sid)
    }

    pub(super) fn remove_all(&mut self) -> Sessions {
        let all = self.sids();
        self.families.clear();
        self.revoked.add(all);
        self.feed.add(all);
        all
    }

    pub(super) fn family(&self, sid: u8) -> Option<&Family> {
        self.families.iter().find(|family| family.sid == id(sid))
    }

    pub(super) fn sids(&self) -> Sessions {
        self.families.iter().map(|family| family.sid).collect()
    }

    /// Whether a token has had a successor for so long that, by every clock, its grace is over.
    pub(super) fn is_used_up(&self, token: Token) -> bool {
        self.used.get(usize::from(token)) == Some(&Some(TOO_LATE))
    }

    /// How long ago a session began or was last refreshed; counts up to `IDLE + SKEW`.
    pub(super) fn idle(&self, sid: u8) -> u8 {
        self.idle.get(usize::from(sid)).copied().unwrap_or_default()
    }

    pub(super) fn tick(&mut self) {
        for used in self.used.iter_mut().flatten() {
            *used = (*used + 1).min(TOO_LATE);
        }
        for idle in &mut self.idle {
            *idle = (*idle + 1).min(IDLE + SKEW);
        }
    }

    /// Forgets when a token was used.
    pub(super) fn forget(&mut self, token: usize) {
        if let Some(used) = self.used.get_mut(token) {
            *used = None;
        }
        while self.used.last() == Some(&None) {
            self.used.pop();
        }
    }

    fn was_used(&mut self, sid: u8) {
        let sid = usize::from(sid);
        self.idle.resize(self.idle.len().max(sid + 1), 0);
        self.idle[sid] = 0;
    }
}

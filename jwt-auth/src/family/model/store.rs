//! The store: each of its operations is one step, which also announces what it ends.

use super::System;
use super::fault::Fault;
use super::judge::TOO_LATE;
use super::revoked::Revoked;
use super::sessions::Sessions;
use super::state::{IDLE, SKEW, Token, id, number};
use crate::clock::Timestamp;
use crate::family::{Family, Swap, SwapOutcome};
use crate::owner::Revision;

/// The families, and the revisions of their owners. It also contains the facts that the properties refer to, so a store
/// that lost its last writes is not judged by those writes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Store {
    pub(super) families: Vec<Family>,
    revisions: [Revision; 2],
    /// The revocations that its feed announces.
    pub(super) feed: Revoked,
    /// The sessions that it has ended.
    pub(super) revoked: Sessions,
    /// For each token, how long ago it first got a successor. This counts up to `TOO_LATE`.
    used: Vec<Option<u8>>,
    /// For each session, what happened to it.
    pub(super) past: Vec<Past>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Past {
    /// How long ago it began or was last refreshed. This counts up to `IDLE + SKEW`.
    pub(super) idle: u8,
    /// The token that was replaced last.
    replaced: Option<Token>,
    /// How long ago the successor of that token was first used, if that was confirmed. This counts up to `TOO_LATE`.
    pub(super) arrived: Option<u8>,
    /// When the last elevation ends or has ended.
    pub(super) elevated_until: Option<u8>,
}

impl Store {
    /// Adds a family. Returns the sessions that were dropped to make room, and the revision.
    pub(super) fn insert(
        &mut self,
        system: &System,
        family: &Family,
        now: Timestamp,
        heard: Revision,
    ) -> (Sessions, Revision) {
        let sid = number(family.sid);
        let owner = system.owner(sid);
        let (mut own, others): (Vec<_>, Vec<_>) = std::mem::take(&mut self.families)
            .into_iter()
            .filter(|other| other.sid != family.sid)
            .partition(|other| system.owner(number(other.sid)) == owner);
        let dropped: Sessions = family.make_room(&mut own, now, system.max_sessions).into_iter().collect();
        self.families = own.into_iter().chain(others).chain([family.clone()]).collect();
        self.families.sort_by_key(|family| family.sid);
        self.was_used(sid, None);
        self.revoked.add(dropped.filter(|other| system.true_owner(other) == system.true_owner(sid)));
        self.feed.add(Revoked::sessions(dropped));
        (dropped, self.continue_from(system, owner, heard))
    }

    /// Replaces the current token of a session. Returns the outcome and the revision.
    pub(super) fn swap(
        &mut self,
        system: &System,
        sid: u8,
        swap: &Swap,
        heard: Revision,
    ) -> (SwapOutcome, Revision) {
        let family = self.families.iter_mut().find(|family| family.sid == id(sid));
        let swapped = system.swap(family, swap);
        if let SwapOutcome::Done(_) = swapped {
            let token = usize::from(number(swap.presented));
            self.used.resize(self.used.len().max(token + 1), None);
            self.used[token].get_or_insert(0);
            self.was_used(sid, Some(token as Token));
        }
        (swapped, self.continue_from(system, system.owner(sid), heard))
    }

    pub(super) fn remove(&mut self, system: &System, sid: u8) -> Revoked {
        let revoked = Revoked::sessions(Sessions::one(sid));
        if self.family(sid).is_some() {
            self.families.retain(|family| family.sid != id(sid));
            self.revoked.add(Sessions::one(sid));
            self.announce(system, revoked);
        }
        revoked
    }

    /// Ends all sessions of the owner of `sid`, except that one if it is to be spared and exists. Of the sessions that
    /// have `begun`, all others of the owner count as revoked, including those that the store lost.
    pub(super) fn remove_all(
        &mut self,
        system: &System,
        (sid, is_spared): (u8, bool),
        begun: Sessions,
        heard: Revision,
    ) -> (Sessions, Revoked) {
        let owner = system.owner(sid);
        let exists = self.family(sid).is_some() || system.fault == Some(Fault::SparesTheEnded);
        let spared = (is_spared && exists).then_some(sid);
        let last = self.continue_from(system, owner, heard);
        let next = system.next_revision(last);
        if system.fault != Some(Fault::KeepsNoRevision) {
            self.revisions[owner] = next;
        }
        self.families.retain(|family| {
            let other = number(family.sid);
            system.owner(other) != owner || Some(other) == spared
        });
        let all = begun.filter(|other| system.true_owner(other) == system.true_owner(sid));
        let ended = all.without(spared.into_iter().collect());
        self.revoked.add(ended);
        let revoked = Revoked::owner(owner, next, spared.filter(|_| system.fault != Some(Fault::SparesNone)));
        self.announce(system, revoked);
        (ended, revoked)
    }

    fn announce(&mut self, system: &System, revoked: Revoked) {
        if system.fault != Some(Fault::TellsLater) {
            self.feed.add(revoked);
        }
    }

    /// Returns the revision of an owner, which continues from the one that the app has received if that is later.
    fn continue_from(&mut self, system: &System, owner: usize, heard: Revision) -> Revision {
        if system.fault != Some(Fault::IgnoresWhatWasHeard) {
            self.revisions[owner] = self.revisions[owner].max(heard);
        }
        self.revisions[owner]
    }

    pub(super) fn revision(&self, owner: usize) -> Revision {
        self.revisions[owner]
    }

    pub(super) fn family(&self, sid: u8) -> Option<&Family> {
        self.families.iter().find(|family| family.sid == id(sid))
    }

    pub(super) fn sids(&self) -> Sessions {
        self.families.iter().map(|family| family.sid).collect()
    }

    /// Returns how long ago a token first got a successor.
    pub(super) fn used(&self, token: Token) -> Option<u8> {
        self.used.get(usize::from(token)).copied().flatten()
    }

    /// Returns how long ago the most recently replaced token was replaced.
    pub(super) fn replaced(&self, sid: u8) -> Option<u8> {
        self.used(self.past(sid).replaced?)
    }

    /// Returns whether a token of a session gets nothing more: its successor has been used, and its grace period is
    /// over by every clock.
    pub(super) fn is_used_up(&self, system: &System, sid: u8, token: Token) -> bool {
        let past = self.past(sid);
        match self.used(token) {
            Some(_) if system.grace == 0 => true,
            Some(TOO_LATE) => past.replaced != Some(token) || past.arrived == Some(TOO_LATE),
            _ => false,
        }
    }

    /// Returns how long ago the grace period of a token of a session began, as far as that is known.
    pub(super) fn grace_began(&self, sid: u8, token: Token) -> Option<u8> {
        let past = self.past(sid);
        past.arrived.filter(|_| past.replaced == Some(token)).or(self.used(token))
    }

    pub(super) fn past(&self, sid: u8) -> Past {
        self.past.get(usize::from(sid)).copied().unwrap_or_default()
    }

    pub(super) fn tick(&mut self) {
        for used in self.used.iter_mut().flatten() {
            *used = (*used + 1).min(TOO_LATE);
        }
        for past in &mut self.past {
            past.idle = (past.idle + 1).min(IDLE + SKEW);
            past.arrived = past.arrived.map(|arrived| (arrived + 1).min(TOO_LATE));
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

    fn was_used(&mut self, sid: u8, replaced: Option<Token>) {
        let sid = usize::from(sid);
        self.past.resize(self.past.len().max(sid + 1), Past::default());
        self.past[sid] = Past { idle: 0, replaced, arrived: None, ..self.past[sid] };
    }
}

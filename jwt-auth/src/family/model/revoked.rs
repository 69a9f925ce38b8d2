//! Revocations, as the feed announces them and as an app remembers them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use super::System;
use super::fault::Fault;
use super::sessions::Sessions;
use super::state::{State, id};
use crate::clock::SystemClock;
use crate::config::{RevocationMode, RevocationSettings, TokenSettings, WhenStale};
use crate::owner::{Owner, OwnerDigest, Revision};
use crate::revocation::{Revocation, Revocations};

/// The user 1 and the device 1.
static OWNERS: LazyLock<[OwnerDigest; 2]> =
    LazyLock::new(|| [None, Some("devices")].map(|kind| Owner::new(None, kind, "1").digest()));

/// Sessions that were revoked one by one and, for each owner, the latest revision and the session that it spares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Revoked {
    sessions: Sessions,
    owners: [(Revision, Option<u8>); 2],
}

/// A process of the app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct App {
    /// The revocations that it has received.
    pub(super) heard: Revoked,
    /// The sessions that ended according to one of its responses.
    pub(super) told: Sessions,
}

impl Revoked {
    pub(super) fn sessions(sessions: Sessions) -> Self {
        Self { sessions, ..Self::default() }
    }

    pub(super) fn owner(owner: usize, revision: Revision, spared: Option<u8>) -> Self {
        let mut revoked = Self::default();
        revoked.owners[owner] = (revision, spared);
        revoked
    }

    /// Adds what was revoked later. As in [`Revocations::apply`], a later revision replaces an earlier one.
    pub(super) fn add(&mut self, later: Self) {
        self.sessions.add(later.sessions);
        for (known, later) in self.owners.iter_mut().zip(later.owners) {
            *known = later.max(*known);
        }
    }

    /// Returns whether an app that knows `other` knows all of this.
    pub(super) fn is_within(self, mut other: Self) -> bool {
        let before = other;
        other.add(self);
        other == before
    }

    pub(super) fn spares(&self, sid: u8) -> bool {
        self.owners.iter().any(|(_, spared)| *spared == Some(sid))
    }

    /// Returns whether the tokens of this session and this revision are rejected, as decided by the code of the crate.
    pub(super) fn has_ended(&self, system: &System, sid: u8, revision: Revision) -> bool {
        thread_local! {
            static KNOWN: RefCell<HashMap<Revoked, Revocations>> = RefCell::default();
        }
        let owner = OWNERS[system.owner(sid)];
        *self != Self::default()
            && KNOWN.with_borrow_mut(|known| {
                let revocations = known.entry(*self).or_insert_with(|| self.revocations());
                revocations.has_ended(owner, Some(id(sid)), revision)
            })
    }

    /// Returns the revocations of a process that has received these.
    fn revocations(self) -> Revocations {
        let long = Duration::from_secs(86_400);
        let settings = RevocationSettings {
            mode: RevocationMode::Push,
            stale_after: long,
            when_stale: WhenStale::Continue,
        };
        let tokens = TokenSettings { issuer: None, audience: Vec::new(), leeway: long, access_ttl: long };
        let revocations = Revocations::new(settings, &tokens, Arc::new(SystemClock::new()));
        for (owner, (revision, spared)) in OWNERS.iter().zip(self.owners) {
            if revision > Revision::default() {
                revocations.apply(Revocation::Owner(*owner, revision, spared.map(id)));
            }
            for sid in (0..8).filter(|&sid| self.sessions.has(sid)) {
                revocations.apply(Revocation::Session(*owner, id(sid)));
            }
        }
        revocations
    }
}

impl System {
    /// Returns the owner of a session, as seen by the store and the apps.
    pub(super) fn owner(&self, sid: u8) -> usize {
        if self.fault == Some(Fault::ForgetsTheKind) { 0 } else { self.true_owner(sid) }
    }

    /// Returns the actual owner of a session.
    pub(super) fn true_owner(&self, sid: u8) -> usize {
        usize::from(self.kinds && sid == 1)
    }
}

impl State {
    /// Returns whether an app rejects the access tokens and refresh tokens of a session that have this revision.
    pub(super) fn rejects(&self, system: &System, app: usize, sid: u8, revision: Revision) -> bool {
        system.hears && self.apps[app].heard.has_ended(system, sid, revision)
    }

    /// Returns the latest revision of a session's owner that an app has received.
    pub(super) fn heard(&self, system: &System, app: usize, sid: u8) -> Revision {
        self.apps[app].heard.owners[system.owner(sid)].0
    }

    /// Records what an app has received.
    pub(super) fn hear(&mut self, system: &System, app: usize, revoked: Revoked) {
        if system.hears {
            self.apps[app].heard.add(revoked);
        }
    }
}

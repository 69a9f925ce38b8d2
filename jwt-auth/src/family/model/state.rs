//! The state of a system at one moment.

use std::collections::BTreeSet;
use std::time::Duration;

use uuid::Uuid;

use super::System;
use super::confirm::Confirmation;
use super::judge::Seen;
use super::request::Request;
use super::revoked::App;
use super::sessions::Sessions;
use super::store::Store;
use crate::clock::Timestamp;
use crate::family::{Device, Family};
use crate::owner::Revision;

/// The settings, in ticks.
pub(super) const GRACE: u8 = 2;
pub(super) const ACCESS: u8 = 1;
pub(super) const IDLE: u8 = 4;
pub(super) const ABSOLUTE: u8 = 5;
pub(super) const LEEWAY: u8 = SKEW;

/// How far apart the clocks of two apps are. This also covers a request that waits for the store after it has read the
/// time, which has the same effect as a clock that is behind.
pub(super) const SKEW: u8 = 1;

/// The time at which everything has ended, by every clock.
pub(super) const LAST: u8 = ABSOLUTE + SKEW;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct State {
    /// The time, in ticks, by the clock of the first app.
    pub(super) now: u8,
    pub(super) store: Store,
    /// A copy of the store that is behind, once one was taken.
    pub(super) replica: Option<Store>,
    /// How often the store may still fail over.
    pub(super) failovers: u8,
    /// Whether the user may still sign in again within a session.
    pub(super) may_elevate: bool,
    pub(super) apps: [App; 2],
    /// The clients. Each has one session, with the same number.
    pub(super) clients: Vec<Client>,
    pub(super) thief: Thief,
    /// Every refresh token that was signed. Its index is its id.
    pub(super) signed: Vec<Signed>,
    /// The confirmations that were sent.
    pub(super) confirmations: BTreeSet<Confirmation>,
    pub(super) seen: Seen,
}

/// A user's browser, which keeps one refresh token for all its tabs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Client {
    /// When it signed in, or tried to.
    pub(super) begun: Option<u8>,
    pub(super) held: Option<Token>,
    /// How long ago it received that token. This counts up to `ACCESS`, when the access token that came with it
    /// expires.
    pub(super) got: u8,
    /// The latest generation that it has received.
    pub(super) reached: u32,
    pub(super) tabs: Vec<Request>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Thief {
    pub(super) tokens: Vec<Token>,
    pub(super) request: Request,
}

/// A refresh token, by its id.
pub(super) type Token = u8;

/// The content of a refresh token and of the access token that comes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Signed {
    pub(super) sid: u8,
    pub(super) generation: u32,
    /// The revision, once the store has answered.
    pub(super) revision: Option<Revision>,
    pub(super) exp: u8,
}

impl System {
    /// Returns the time that the clock of an app shows.
    pub(super) fn clock(&self, now: u8, app: usize) -> u8 {
        now + if self.skew && app > 0 { SKEW } else { 0 }
    }
}

impl State {
    /// Returns the states in which the first client has just signed in, one for each app that it may have used.
    pub(super) fn after_login(system: &System) -> Vec<Self> {
        let at = |app| {
            let mut state = Self::empty(system);
            let family = state.begin(system, 0, app);
            let (_, revision) = state.store.insert(system, &family, family.created_at, Revision::default());
            state.clients[0].held = Some(state.sign(&family, Some(revision)));
            state
        };
        (0..=usize::from(system.skew)).map(at).collect()
    }

    fn empty(system: &System) -> Self {
        let client =
            |tabs| Client { begun: None, held: None, got: 0, reached: 0, tabs: vec![Request::None; tabs] };
        let mut clients = vec![client(system.tabs)];
        clients.extend(system.second_client.then(|| client(1)));
        Self {
            now: 0,
            store: Store::default(),
            replica: None,
            failovers: system.failovers,
            may_elevate: system.elevates,
            apps: [App::default(); 2],
            clients,
            thief: Thief { tokens: Vec::new(), request: Request::None },
            signed: Vec::new(),
            confirmations: BTreeSet::new(),
            seen: Seen::default(),
        }
    }

    /// Begins the family of a client at an app, and signs its first token.
    pub(super) fn begin(&mut self, system: &System, client: usize, app: usize) -> Family {
        self.clients[client].begun = Some(self.now);
        let family =
            Family::begin(time(system.clock(self.now, app)), ticks(IDLE), ticks(ABSOLUTE), Device::default());
        let (sid, current) = (id(client as u8), id(self.signed.len() as u8));
        let family = Family { sid, current, ..family };
        self.sign(&family, None);
        family
    }

    /// Signs the current token of a family.
    pub(super) fn sign(&mut self, family: &Family, revision: Option<Revision>) -> Token {
        let token = number(family.current);
        let (sid, generation) = (number(family.sid), family.generation);
        let exp = family.absolute_end.as_secs() as u8;
        match self.signed.get_mut(usize::from(token)) {
            Some(signed) => (signed.exp, signed.revision) = (exp, revision),
            None => self.signed.push(Signed { sid, generation, revision, exp }),
        }
        token
    }

    pub(super) fn requests(&self) -> impl Iterator<Item = &Request> {
        self.clients.iter().flat_map(|client| &client.tabs).chain([&self.thief.request])
    }

    /// Returns the sessions that have begun, whatever happened to them later.
    pub(super) fn begun(&self) -> Sessions {
        self.signed.iter().filter(|signed| signed.revision.is_some()).map(|signed| signed.sid).collect()
    }

    /// Merges states that have the same future: tabs are interchangeable, a token without a holder is never presented,
    /// and some confirmations change nothing.
    pub(super) fn tidy(&mut self, system: &System) {
        for client in &mut self.clients {
            client.tabs.sort_by_key(Request::rank);
        }
        for token in 0..self.signed.len() {
            if !self.is_in_hands(token as u8) {
                self.signed[token].exp = 0;
                self.store.forget(token);
                if let Some(replica) = &mut self.replica {
                    replica.forget(token);
                }
            }
        }
        self.tidy_confirmations(system);
        self.seen.ended.add(self.store.revoked);
    }

    /// Returns whether a client or the thief holds a token, or the token is on its way.
    fn is_in_hands(&self, token: Token) -> bool {
        self.thief.tokens.contains(&token)
            || self.clients.iter().any(|client| client.held == Some(token))
            || self.requests().any(|request| request.token() == Some(token))
    }
}

pub(super) fn id(number: u8) -> Uuid {
    // None is nil, which would mean that a family has no refresh token.
    Uuid::from_u128(256 + u128::from(number))
}

pub(super) fn number(id: Uuid) -> u8 {
    id.as_u128() as u8
}

pub(super) fn time(tick: u8) -> Timestamp {
    Timestamp::from_secs(tick.into())
}

pub(super) fn ticks(ticks: u8) -> Duration {
    Duration::from_secs(ticks.into())
}

//! What there is at one moment.

use std::time::Duration;

use uuid::Uuid;

use super::System;
use super::judge::Seen;
use super::request::Request;
use super::store::Store;
use crate::clock::Timestamp;
use crate::family::{Device, Family};

/// The settings, in ticks.
pub(super) const GRACE: u8 = 2;
pub(super) const ACCESS: u8 = 1;
pub(super) const IDLE: u8 = 4;
pub(super) const ABSOLUTE: u8 = 5;
pub(super) const LEEWAY: u8 = SKEW;

/// How far the clocks of two apps are apart. It is also how long a request may wait for the store after
/// its time was read: that is a clock that is behind.
pub(super) const SKEW: u8 = 1;

/// When everything has ended, by every clock.
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
    pub(super) apps: [App; 2],
    /// Each has one session, of the same number.
    pub(super) clients: Vec<Client>,
    pub(super) thief: Thief,
    /// Every refresh token that was signed: the place is its id.
    pub(super) signed: Vec<Signed>,
    pub(super) seen: Seen,
}

/// A process of the app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct App {
    /// The sessions whose access tokens it refuses.
    pub(super) refuses: Sessions,
    /// The sessions of which it has said that they have ended.
    pub(super) told: Sessions,
}

/// A user's browser, which keeps one refresh token for all its tabs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Client {
    /// When it signed in, or tried.
    pub(super) begun: Option<u8>,
    pub(super) held: Option<Token>,
    /// How long ago it got that; counts up to `ACCESS`, when the access token beside it expires.
    pub(super) got: u8,
    pub(super) tabs: Vec<Request>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Thief {
    pub(super) tokens: Vec<Token>,
    pub(super) request: Request,
}

/// A refresh token, by its id.
pub(super) type Token = u8;

/// What is written in a refresh token, and what its owner knows of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Signed {
    pub(super) sid: u8,
    pub(super) generation: u32,
    pub(super) exp: u8,
    /// How long ago an honest client first asked with it; counts up to where that is no longer in time.
    pub(super) asked: Option<u8>,
}

/// A set of sessions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Sessions(u8);

impl State {
    /// The first client has just signed in, at any app.
    pub(super) fn after_login(system: &System) -> Vec<Self> {
        let at = |app| {
            let mut state = Self::empty(system);
            let family = state.begin(0, app);
            state.store.insert(&family, family.created_at, system.max_sessions);
            state.clients[0].held = Some(number(family.current));
            state
        };
        (0..=usize::from(system.skew)).map(at).collect()
    }

    fn empty(system: &System) -> Self {
        let client = |tabs| Client { begun: None, held: None, got: 0, tabs: vec![Request::None; tabs] };
        let mut clients = vec![client(system.tabs)];
        clients.extend(system.second_client.then(|| client(1)));
        Self {
            now: 0,
            store: Store::default(),
            replica: None,
            failovers: system.failovers,
            apps: [App::default(); 2],
            clients,
            thief: Thief { tokens: Vec::new(), request: Request::None },
            signed: Vec::new(),
            seen: Seen::default(),
        }
    }

    /// What the clock of an app shows.
    pub(super) fn clock(&self, app: usize) -> u8 {
        self.now + if app == 0 { 0 } else { SKEW }
    }

    /// A client's family, which begins at an app, with its first token.
    pub(super) fn begin(&mut self, client: usize, app: usize) -> Family {
        self.clients[client].begun = Some(self.now);
        let family = Family::begin(time(self.clock(app)), ticks(IDLE), ticks(ABSOLUTE), Device::default());
        let (sid, current) = (id(client as u8), id(self.signed.len() as u8));
        let family = Family { sid, current, ..family };
        self.sign(&family);
        family
    }

    /// Signs the current token of a family.
    pub(super) fn sign(&mut self, family: &Family) -> Token {
        let token = number(family.current);
        let (sid, generation) = (number(family.sid), family.generation);
        let exp = family.absolute_end.as_secs() as u8;
        match self.signed.get_mut(usize::from(token)) {
            Some(signed) => signed.exp = exp,
            None => self.signed.push(Signed { sid, generation, exp, asked: None }),
        }
        token
    }

    pub(super) fn requests(&self) -> impl Iterator<Item = &Request> {
        self.clients.iter().flat_map(|client| &client.tabs).chain([&self.thief.request])
    }

    /// Makes one of states that do not differ in what can come of them: two tabs are alike, and of a token
    /// that nobody has nobody will ask anything.
    pub(super) fn tidy(&mut self) {
        for client in &mut self.clients {
            client.tabs.sort_by_key(Request::rank);
        }
        for token in 0..self.signed.len() {
            if !self.is_had(token as u8) {
                self.signed[token].exp = 0;
                self.signed[token].asked = None;
                self.store.forget(token);
                if let Some(replica) = &mut self.replica {
                    replica.forget(token);
                }
            }
        }
    }

    fn is_had(&self, token: Token) -> bool {
        self.thief.tokens.contains(&token)
            || self.clients.iter().any(|client| client.held == Some(token))
            || self.requests().any(|request| request.token() == Some(token))
    }
}

impl Sessions {
    pub(super) fn one(sid: u8) -> Self {
        Self(1 << sid)
    }

    pub(super) fn has(self, sid: u8) -> bool {
        !self.is_disjoint_from(Self::one(sid))
    }

    pub(super) fn is_within(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }

    pub(super) fn is_disjoint_from(self, others: Self) -> bool {
        self.0 & others.0 == 0
    }

    pub(super) fn add(&mut self, others: Self) {
        self.0 |= others.0;
    }
}

impl FromIterator<Uuid> for Sessions {
    fn from_iter<I: IntoIterator<Item = Uuid>>(sids: I) -> Self {
        Self(sids.into_iter().fold(0, |set, sid| set | Self::one(number(sid)).0))
    }
}

pub(super) fn id(number: u8) -> Uuid {
    Uuid::from_u128(number.into())
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

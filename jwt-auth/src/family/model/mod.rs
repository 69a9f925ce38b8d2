//! The refresh protocol, for a model checker: every order is walked through in which clients, a thief, the
//! apps and their store can take their steps, and in each state that comes of it the
//! [properties](property) hold.
//!
//! What is decided is decided by the code of the crate: [`Family::swap`](super::Family::swap),
//! [`Family::make_room`](super::Family::make_room) and [`settle`](super::settle). Modelled is who
//! asks when, and what is lost on the way. That the model would find a mistake is seen from the
//! [faults](fault).

mod action;
mod fault;
mod judge;
mod property;
mod refresh;
mod request;
mod state;
mod step;
mod store;
mod walk;

use stateright::{Model, Property};

use action::Action;
use fault::Fault;
use state::{LAST, State};

/// Who takes part, and how far it is followed.
#[derive(Clone, Copy, Debug)]
struct System {
    /// How many tabs the first client has open, on the one session that they share.
    tabs: usize,
    /// Whether somebody copies the first client's token, at any one moment.
    thief: bool,
    /// Whether the user signs in once more, on another client.
    second_client: bool,
    max_sessions: usize,
    /// Whether users sign out, and loaders say that they are gone.
    ends: bool,
    /// Whether there are two apps, and the clock of the second is ahead.
    skew: bool,
    /// Whether it is followed which app refuses which access tokens.
    hears: bool,
    /// How often the store fails over to a copy that is behind.
    failovers: u8,
    /// Whether a login may be sent to the store once more, after whatever came meanwhile.
    resends: bool,
    /// How many refresh tokens are signed at most.
    tokens: usize,
    /// The last tick.
    until: u8,
    /// What is wrong with the protocol; nothing, when it is the crate's.
    fault: Option<Fault>,
}

/// One client with one tab.
const ALONE: System = System {
    tabs: 1,
    thief: false,
    second_client: false,
    max_sessions: 2,
    ends: true,
    skew: true,
    hears: false,
    failovers: 0,
    resends: false,
    tokens: 4,
    until: LAST,
    fault: None,
};

const TABS: System = System { tabs: 2, ..ALONE };
const THIEF: System = System { thief: true, ends: false, ..ALONE };
const TABS_AND_THIEF: System = System { tabs: 2, tokens: 3, until: 4, ..THIEF };
const CLIENTS: System = System { second_client: true, skew: false, until: 3, ..ALONE };
const REVOCATIONS: System = System { hears: true, tabs: 2, tokens: 2, until: 2, ..ALONE };
const FAILOVERS: System = System { failovers: 2, ..ALONE };
const FAILOVER_AND_THIEF: System = System { failovers: 1, skew: false, until: 3, ..THIEF };

impl Model for System {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        State::after_login(self)
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        action::possible(self, state, actions);
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut next = last.clone();
        step::take(self, &mut next, action)?;
        next.tidy();
        (next != *last).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        property::all(self)
    }
}

#[test]
fn two_tabs() {
    walk::all_holds("two tabs", TABS);
}

#[test]
fn a_thief() {
    walk::all_holds("a thief", THIEF);
}

#[test]
fn two_tabs_and_a_thief() {
    walk::all_holds("two tabs and a thief", TABS_AND_THIEF);
}

#[test]
fn two_clients() {
    walk::all_holds("two clients", CLIENTS);
}

#[test]
fn two_clients_where_one_session_is_allowed() {
    walk::all_holds("two clients, one session", System { max_sessions: 1, ..CLIENTS });
}

#[test]
fn revocations() {
    walk::all_holds("revocations", REVOCATIONS);
}

#[test]
fn failovers() {
    walk::all_holds("failovers", FAILOVERS);
}

#[test]
fn a_failover_and_a_thief() {
    walk::all_holds("a failover and a thief", FAILOVER_AND_THIEF);
}

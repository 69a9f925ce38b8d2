//! The refresh protocol, as a model for a model checker. The checker explores every order in which the clients, a
//! thief, the apps and their store can take their steps, and checks the [properties](property) in every state.
//!
//! All decisions are made by the code of the crate: [`Family::swap`](super::Family::swap),
//! [`Family::confirm`](super::Family::confirm), [`Family::make_room`](super::Family::make_room),
//! [`settle`](super::settle), [`Revision::next`](crate::owner::Revision::next) and
//! [`Revocations::has_ended`](crate::revocation::Revocations::has_ended). The model adds the times of requests, and the
//! messages and writes that are lost. The [faults](faults) show that it would find a mistake.

mod action;
mod confirm;
mod elevation;
mod fault;
mod faults;
mod judge;
mod occasion;
mod property;
mod refresh;
mod request;
mod revoked;
mod sessions;
mod state;
mod step;
mod store;
mod system;
mod walk;

use stateright::{Model, Property};

use action::Action;
use state::State;
use system::*;

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
        next.tidy(self);
        (next != *last).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut all = property::all(self);
        // With a fault, some occasions may never occur.
        if self.fault.is_none() {
            all.extend(occasion::all(self));
        }
        all
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
fn a_thief_without_a_grace_period() {
    walk::all_holds("a thief, no grace period", STRICT);
}

#[test]
fn elevations() {
    walk::all_holds("elevations", ELEVATIONS);
}

#[test]
fn elevations_and_a_thief() {
    walk::all_holds("elevations and a thief", ELEVATIONS_AND_THIEF);
}

#[test]
fn elevations_without_a_grace_period() {
    walk::all_holds("elevations, no grace period", System { grace: 0, ..ELEVATIONS_AND_THIEF });
}

#[test]
fn two_clients() {
    walk::all_holds("two clients", CLIENTS);
}

#[test]
fn two_clients_if_only_one_session_is_allowed() {
    walk::all_holds("two clients, one session", System { max_sessions: 1, ..CLIENTS });
}

#[test]
fn revocations() {
    walk::all_holds("revocations", REVOCATIONS);
}

#[test]
fn logouts_everywhere() {
    walk::all_holds("logouts everywhere", EVERYWHERE);
}

#[test]
fn a_user_and_a_device() {
    walk::all_holds("a user and a device", KINDS);
}

#[test]
fn failovers() {
    walk::all_holds("failovers", FAILOVERS);
}

#[test]
fn a_failover_and_a_thief() {
    walk::all_holds("a failover and a thief", FAILOVER_AND_THIEF);
}

#[test]
fn a_failover_and_a_thief_who_uses_access_tokens() {
    let system = System { uses: true, tokens: 3, ..FAILOVER_AND_THIEF };
    walk::all_holds("a failover and a thief, confirmations", system);
}

#[test]
fn a_failover_that_loses_revisions() {
    walk::all_holds("a failover that loses revisions", LOST_REVISIONS);
}

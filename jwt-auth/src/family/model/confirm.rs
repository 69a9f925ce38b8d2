//! The use of access tokens, and the confirmations that it starts.

use super::System;
use super::action::Who;
use super::fault::Fault;
use super::judge::TOO_LATE;
use super::state::{State, Token, id, time};
use super::store::Store;

/// A confirmation that was sent to the store. It can be carried out now, later, more than once, or never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Confirmation {
    sid: u8,
    generation: u32,
    /// When it was sent.
    sent: u8,
    /// The time that the clock of its app showed then.
    clock: u8,
}

/// Uses the access token that came with a refresh token. The app sends a confirmation in the background unless it
/// rejects the token. Returns `None` if nothing changes.
pub(super) fn use_access_token(system: &System, state: &mut State, token: Token, app: usize) -> Option<()> {
    let signed = state.signed[usize::from(token)];
    let is_rejected = state.rejects(system, app, signed.sid, signed.revision?);
    let confirmation = Confirmation {
        sid: signed.sid,
        generation: signed.generation,
        sent: state.now,
        clock: system.clock(state.now, app),
    };
    let starts = !is_rejected && state.confirmations.insert(confirmation);
    starts.then_some(())
}

impl System {
    /// Returns whether using the access token of this refresh token would start a confirmation.
    pub(super) fn confirms(&self, state: &State, token: Token) -> bool {
        let signed = state.signed[usize::from(token)];
        self.uses
            && self.grace > 0
            && signed.generation > 0
            && !state
                .confirmations
                .iter()
                .any(|sent| (sent.sid, sent.generation) == (signed.sid, signed.generation))
    }
}

impl Store {
    /// Carries out a confirmation.
    pub(super) fn confirm(&mut self, system: &System, confirmation: Confirmation, now: u8) {
        let Confirmation { sid, generation, sent, clock } = confirmation;
        let Some(family) = self.families.iter_mut().find(|family| family.sid == id(sid)) else { return };
        if family.generation == generation {
            self.past[usize::from(sid)].arrived.get_or_insert((now - sent).min(TOO_LATE));
        }
        match system.fault {
            Some(Fault::ConfirmsAnyGeneration) => family.confirm(family.generation, time(clock)),
            Some(Fault::GraceStartsEarly) => family.confirm(generation, time(0)),
            _ => family.confirm(generation, time(clock)),
        }
    }

    /// Returns whether a confirmation can still change something, now or once the session has reached its generation.
    fn may_learn_from(&self, Confirmation { sid, generation, .. }: Confirmation) -> bool {
        self.family(sid).is_some_and(|family| {
            family.generation < generation || family.generation == generation && !family.confirmed
        })
    }
}

impl State {
    /// Drops the confirmations that will change nothing, no matter when they are carried out.
    pub(super) fn tidy_confirmations(&mut self, system: &System) {
        if system.fault != Some(Fault::ConfirmsAnyGeneration) {
            let stores = || [Some(&self.store), self.replica.as_ref()].into_iter().flatten();
            self.confirmations
                .retain(|&confirmation| stores().any(|store| store.may_learn_from(confirmation)));
        }
    }

    /// Returns the refresh tokens whose access tokens the client or the thief may use.
    pub(super) fn usable(&self, who: Who) -> Vec<Token> {
        match who {
            // Using the token later is the same as using it immediately with a late confirmation.
            Who::Owner(client, _) => {
                let client = &self.clients[client];
                client.held.filter(|_| client.got == 0).into_iter().collect()
            }
            Who::Thief => self.thief.tokens.clone(),
        }
    }
}

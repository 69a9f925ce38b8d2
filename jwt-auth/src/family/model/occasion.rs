//! Situations that must occur in some state. Otherwise, a property could hold only because its situation never occurs.

use stateright::Property;

use super::System;
use super::judge::TOO_LATE;
use super::request::{Answer, Request};
use super::state::{LAST, State};

pub(super) fn all(system: &System) -> Vec<Property<System>> {
    let mut all = of_refreshes(system);
    let may_reuse = system.tabs > 1 || system.thief;
    if may_reuse {
        all.push(Property::sometimes("reuse ends a session", |_, state: &State| {
            state.requests().any(is_ended_for_reuse)
        }));
    }
    if may_reuse || system.second_client && !system.kinds {
        all.push(Property::sometimes("a session is unknown", |_, state: &State| {
            state.requests().any(is_unknown)
        }));
    }
    if system.thief {
        all.push(Property::sometimes("a thief is found out", |_, state: &State| {
            is_ended_for_reuse(&state.thief.request)
        }));
        all.push(Property::sometimes("an owner finds out about a thief", |_, state: &State| {
            state.seen.thief_served && state.clients[0].tabs.iter().any(is_ended_for_reuse)
        }));
    }
    if system.elevates {
        all.extend(of_elevations(system));
    }
    if system.hears && system.second_client {
        all.push(Property::sometimes("a token of an earlier revision is spared", is_spared));
        all.push(Property::sometimes("a token has a later revision", has_later_revision));
    }
    if system.failovers > 0 {
        all.push(Property::sometimes("a token is ahead of the store", |_, state: &State| {
            state.requests().any(|request| is_ahead(state, request))
        }));
    }
    all
}

fn of_elevations(system: &System) -> Vec<Property<System>> {
    let mut all = vec![
        Property::sometimes("an elevated pair is handed out", |_, state: &State| {
            state.seen.elevations.handed_out
        }),
        Property::sometimes("an elevation has ended", |_, state: &State| state.seen.elevations.ended),
    ];
    if system.grace > 0 {
        all.push(Property::sometimes("a retried token elevates its session", |_, state: &State| {
            state.seen.elevations.by_retry
        }));
    }
    all
}

fn of_refreshes(system: &System) -> Vec<Property<System>> {
    let mut all = vec![Property::sometimes("a token is rotated", |_, state: &State| {
        state.requests().any(|request| matches!(request, Request::Answered(Answer::Rotated(_))))
    })];
    if system.grace > 0 {
        all.push(Property::sometimes("a token is retried", |_, state: &State| {
            state.requests().any(is_retried)
        }));
    }
    if system.grace > 0 && system.uses {
        all.push(Property::sometimes("a successor is confirmed", |_, state: &State| {
            state.store.families.iter().any(|family| family.confirmed)
        }));
    }
    if system.until == LAST {
        all.push(Property::sometimes("a session expires", |_, state: &State| {
            state.requests().any(|request| *request == Request::Answered(Answer::Expired))
        }));
        if system.grace > 0 {
            all.push(Property::sometimes("a token is retried after the grace period", |_, state: &State| {
                let is_late = |client| state.store.replaced(client as u8) >= Some(TOO_LATE);
                (0..state.clients.len()).any(is_late) && state.requests().any(is_retried)
            }));
        }
    }
    all
}

fn is_retried(request: &Request) -> bool {
    matches!(request, Request::Answered(Answer::Retried(_)))
}

fn is_unknown(request: &Request) -> bool {
    matches!(request, Request::Answered(Answer::Unknown))
}

fn is_ended_for_reuse(request: &Request) -> bool {
    matches!(request, Request::Ending { reuse: true, .. })
}

/// Returns whether a tab presents a token whose swap the store lost.
fn is_ahead(state: &State, request: &Request) -> bool {
    let Request::Asking { token, .. } = request else { return false };
    let signed = state.signed[usize::from(*token)];
    state.store.family(signed.sid).is_some_and(|family| signed.generation > family.generation)
}

/// Returns whether an app has received a revocation that spares a session whose client holds an older token.
fn is_spared(system: &System, state: &State) -> bool {
    state.clients.iter().filter_map(|client| client.held).any(|token| {
        let signed = state.signed[usize::from(token)];
        state.apps[0].heard.spares(signed.sid)
            && signed.revision < Some(state.heard(system, 0, signed.sid))
            && signed.revision.is_some()
    })
}

fn has_later_revision(_: &System, state: &State) -> bool {
    let revisions = || state.signed.iter().filter_map(|signed| signed.revision);
    revisions().any(|revision| revisions().any(|other| other < revision))
}

//! What is true in every state; and what happens in some, so that nothing is true for want of occasion.

use stateright::Property;

use super::System;
use super::request::{Answer, Request};
use super::state::{LAST, Signed, State, number};

/// Of the refresh tokens of a session that were ever signed, at most one gets a successor, by whatever
/// clock. (A store that forgot refreshes takes one of a later generation too: until that is used.)
pub(super) const ONE_LIVE_TOKEN: &str = "a session has one live token";

/// A session that was ended, by a logout, for reuse or to make room, is not in the store again. (A store
/// that forgot that it ended one has it again.)
pub(super) const REVOKED_STAYS_REVOKED: &str = "a revoked session stays revoked";

/// An app that said that a session has ended refuses its access tokens from then on, also when it dies and
/// starts again. The feed tells every app of every session that was ended, whatever died in between.
pub(super) const REFUSED_EVERYWHERE: &str = "the access tokens of a revoked session are refused";

/// An honest client, which asks again with a token for no longer than the grace, less the skew, after it
/// first asked with it, and whose access tokens live as long as that, loses its session only when somebody
/// ends that, or to a thief who was served. Not to its tabs that race, to answers that are lost, to apps
/// that die, or to another clock. Nor, with one request at a time, to refreshes that the store forgot:
/// unless it left the session unused beyond the end that the store remembers.
pub(super) const HONEST_STAYS: &str = "an honest client stays signed in";

/// A token that was used longer ago than the grace and the skew gets nothing, and ends its session, if that
/// lives. So a stolen token is found out when its owner has refreshed;
/// and when the thief was first, by the owner's next refresh.
pub(super) const REUSE_IS_FOUND: &str = "reuse is found out";

/// Owner and thief do not both go on: after one of them got a new token from the other's, the other gets
/// none from an older one. After a failover one of them may be ahead of what the store remembers: then each
/// gets one at most.
pub(super) const ONE_GOES_ON: &str = "owner and thief do not both go on";

/// A session gives nothing past its idle or its absolute end, by whatever clock.
pub(super) const ENDED_GIVES_NOTHING: &str = "a session past its end gives nothing";

pub(super) fn all(system: &System) -> Vec<Property<System>> {
    let mut all = vec![
        Property::always(ONE_LIVE_TOKEN, one_live_token),
        Property::always(REVOKED_STAYS_REVOKED, |_, state: &State| {
            state.store.revoked.is_disjoint_from(state.store.sids())
        }),
        Property::always(REFUSED_EVERYWHERE, refused_everywhere),
        Property::always(HONEST_STAYS, |_, state: &State| !state.seen.wronged),
        Property::always(REUSE_IS_FOUND, |_, state: &State| !state.seen.unnoticed),
        Property::always(ONE_GOES_ON, |_, state: &State| {
            state.seen.turns <= if state.seen.failed_over { 2 } else { 1 }
        }),
        Property::always(ENDED_GIVES_NOTHING, |_, state: &State| !state.seen.outlived),
    ];
    // A fault may take the occasions away.
    if system.fault.is_none() {
        all.extend(occasions(system));
    }
    all
}

/// What happens in a system.
fn occasions(system: &System) -> Vec<Property<System>> {
    let mut all = vec![
        Property::sometimes("a token is rotated", |_, state: &State| state.requests().any(is_rotated)),
        Property::sometimes("a token is retried", |_, state: &State| state.requests().any(is_retried)),
        Property::sometimes("reuse ends a session", |_, state: &State| {
            state.requests().any(is_ended_for_reuse)
        }),
    ];
    if system.tabs > 1 || system.thief || system.second_client {
        all.push(Property::sometimes("a session is unknown", |_, state: &State| {
            state.requests().any(is_unknown)
        }));
    }
    if system.until == LAST {
        all.push(Property::sometimes("a session expires", |_, state: &State| {
            state.requests().any(is_expired)
        }));
    }
    if system.thief {
        all.push(Property::sometimes("a thief is found out", |_, state: &State| {
            is_ended_for_reuse(&state.thief.request)
        }));
        all.push(Property::sometimes("an owner finds a thief out", |_, state: &State| {
            state.seen.thief_served && state.clients[0].tabs.iter().any(is_ended_for_reuse)
        }));
    }
    if system.failovers > 0 {
        all.push(Property::sometimes("a token is ahead of the store", |_, state: &State| {
            state.requests().any(|request| is_ahead(state, request))
        }));
    }
    all
}

fn is_rotated(request: &Request) -> bool {
    matches!(request, Request::Answered(Answer::Rotated(_)))
}

fn is_retried(request: &Request) -> bool {
    matches!(request, Request::Answered(Answer::Retried(_)))
}

fn is_unknown(request: &Request) -> bool {
    matches!(request, Request::Answered(Answer::Unknown))
}

fn is_expired(request: &Request) -> bool {
    matches!(request, Request::Answered(Answer::Expired))
}

fn is_ended_for_reuse(request: &Request) -> bool {
    matches!(request, Request::Ending { reuse: true, .. })
}

/// Whether a refresh was asked for with a token whose swap the store forgot.
fn is_ahead(state: &State, request: &Request) -> bool {
    let Request::Asking { token, .. } = request else { return false };
    let signed = state.signed[usize::from(*token)];
    state.store.family(signed.sid).is_some_and(|family| signed.generation > family.generation)
}

fn one_live_token(system: &System, state: &State) -> bool {
    state.store.families.iter().all(|family| {
        [0, 1].into_iter().all(|app| {
            let is_live = |(token, signed): &(usize, &Signed)| {
                signed.sid == number(family.sid)
                    && signed.generation <= family.generation
                    && system.gets_a_successor(family, *token as u8, signed.generation, state.clock(app))
            };
            state.signed.iter().enumerate().filter(is_live).count() <= 1
        })
    })
}

fn refused_everywhere(_: &System, state: &State) -> bool {
    state.store.revoked.is_within(state.store.feed)
        && state.apps.iter().all(|app| app.told.is_within(app.refuses))
}

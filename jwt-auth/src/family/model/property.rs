//! What is true in every state.

use stateright::Property;

use super::System;
use super::state::{Signed, State, number};

/// Of the refresh tokens of a session that were ever signed, at most one gets a successor, by whatever clock. (A store
/// that lost refreshes also takes a token of a later generation, until that is used.)
pub(super) const ONE_LIVE_TOKEN: &str = "a session has one live token";

/// A session that was ended, by a logout, for reuse or to make room, is not in the store again. (A store that lost the
/// end of a session has it again.)
pub(super) const REVOKED_STAYS_REVOKED: &str = "a revoked session stays revoked";

/// The tokens of an ended session are rejected by every app that has heard what the feed announces, and by an app that
/// has responded that the session has ended, from then on, also when it dies and starts again. The feed misses no end of
/// a session, whatever died in between. A logout everywhere ends all tokens made before it, including those of sessions
/// that the store had lost, except those of the spared session.
///
/// After a failover, the apps that had heard still reject those tokens, and what they make of a session that the store
/// has again. So the end that a store lost holds if every app has heard of it.
pub(super) const REFUSED_EVERYWHERE: &str = "the tokens of a revoked session are refused";

/// A token whose session was not ended is rejected by no app. So a token that is made after a logout everywhere is not
/// concerned by that, nor is the spared session, nor an owner of another kind with the same subject.
///
/// A store that lost its revision continues from the one that an app sends it, whose tokens are accepted everywhere. So
/// after a failover, this holds if every app has heard of that revision.
pub(super) const OTHERS_STAY: &str = "the tokens of other sessions are not refused";

/// An honest client may ask with its token again at any time while its session lives, as long as no response brought the
/// successor. It loses its session only when a logout, a limit or the owner's end ends that, or to a thief who got a pair.
/// It does not lose it to lost or late responses and confirmations, to apps that die, or to another clock; nor to writes
/// that the store lost, unless those are its login, or it left the session unused beyond the end that the store remembers.
///
/// Of two tabs, or two requests of a client that did not wait for the first, one may present the token after the response
/// to the other has brought the successor. It then has the grace, less the skew, after the first use of the successor, if
/// the access tokens live as long as that.
pub(super) const HONEST_STAYS: &str = "an honest client stays signed in";

/// A token gets nothing and ends its session once its successor was replaced, or was first used longer ago than the grace
/// and the skew. Without a grace, once it was replaced.
///
/// So a thief who used what a stolen token brought, the access token or the refresh token, is found at the owner's next
/// refresh; and a thief who comes after an owner who has used it is found at once.
pub(super) const REUSE_IS_FOUND: &str = "reuse is found out";

/// The owner and the thief do not both go on. After one of them got a successor of the token that both held, the other
/// gets none of its own from that token: at most the same successor, and only within the grace or while that was not
/// used (see [`REUSE_IS_FOUND`]). A thief can share a session unnoticed only so: by asking within the grace of each
/// refresh, or by never using what it got before the owner asks. Once one pair was confirmed and the grace is over, the
/// one who does not have it ends the session. Without a grace nothing is shared, and either the owner or the thief gets
/// successors.
///
/// After a failover, one of them may be ahead of what the store remembers. Then each gets one successor at most.
pub(super) const ONE_GOES_ON: &str = "owner and thief do not both go on";

/// Without a grace, no successor is handed out to two requests.
pub(super) const HANDED_OUT_ONCE: &str = "a successor is handed out once";

/// A session hands out nothing past its idle or its absolute end, by whatever clock.
pub(super) const ENDED_GIVES_NOTHING: &str = "a session past its end gives nothing";

pub(super) fn all(system: &System) -> Vec<Property<System>> {
    let mut all = vec![
        Property::always(ONE_LIVE_TOKEN, one_live_token),
        Property::always(REVOKED_STAYS_REVOKED, |_, state: &State| {
            state.store.revoked.is_disjoint_from(state.store.sids())
        }),
        Property::always(REUSE_IS_FOUND, |_, state: &State| !state.seen.unnoticed),
        Property::always(ONE_GOES_ON, |_, state: &State| {
            state.seen.turns <= if state.seen.failed_over { 2 } else { 1 }
        }),
        Property::always(ENDED_GIVES_NOTHING, |_, state: &State| !state.seen.outlived),
    ];
    if system.grace > 0 {
        all.push(Property::always(HONEST_STAYS, |_, state: &State| !state.seen.wronged));
    } else {
        all.push(Property::always(HANDED_OUT_ONCE, |_, state: &State| !state.seen.handed_out_twice));
    }
    if system.hears {
        all.push(Property::always(REFUSED_EVERYWHERE, refused_everywhere));
        all.push(Property::always(OTHERS_STAY, others_stay));
    }
    all
}

fn one_live_token(system: &System, state: &State) -> bool {
    state.store.families.iter().all(|family| {
        (0..=usize::from(system.skew)).all(|app| {
            let is_live = |(token, signed): &(usize, &Signed)| {
                signed.sid == number(family.sid)
                    && signed.generation <= family.generation
                    && system.gets_a_successor(
                        family,
                        *token as u8,
                        signed.generation,
                        system.clock(state.now, app),
                    )
            };
            state.signed.iter().enumerate().filter(is_live).count() <= 1
        })
    })
}

fn refused_everywhere(system: &System, state: &State) -> bool {
    let signed = || state.signed.iter().filter_map(|signed| Some((signed.sid, signed.revision?)));
    signed().filter(|(sid, _)| state.store.revoked.has(*sid)).all(|(sid, revision)| {
        // An app that has just started.
        state.store.feed.has_ended(system, sid, revision)
    }) && (0..state.apps.len()).all(|app| {
        signed()
            .filter(|(sid, _)| state.apps[app].told.has(*sid))
            .all(|(sid, revision)| state.rejects(system, app, sid, revision))
    })
}

fn others_stay(system: &System, state: &State) -> bool {
    state.signed.iter().filter(|signed| !state.seen.ended.has(signed.sid)).all(|signed| {
        (0..state.apps.len()).all(|app| {
            signed.revision.is_none_or(|revision| !state.rejects(system, app, signed.sid, revision))
        })
    })
}

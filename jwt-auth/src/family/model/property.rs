//! The properties that hold in every state.

use stateright::Property;

use super::System;
use super::state::{Signed, State, number};

/// Of all refresh tokens that were ever signed for a session, at most one would get a successor, by any clock. (A store
/// that lost refreshes also accepts a token of a later generation, until that token is used.)
pub(super) const ONE_LIVE_TOKEN: &str = "a session has one live token";

/// A session that was ended by a logout, because of reuse, or to make room does not reappear in the store. (If the
/// store lost the end of a session, the session does reappear.)
pub(super) const REVOKED_STAYS_REVOKED: &str = "a revoked session stays revoked";

/// The tokens of an ended session are rejected by every app that has received what the feed announces. An app that has
/// responded that a session has ended rejects its tokens from then on, even after a crash and a restart. The feed
/// announces the end of every session, whatever crashed in between. A logout everywhere revokes all tokens that were
/// issued before it, including those of sessions that the store had lost, except those of the spared session.
///
/// After a failover, the apps that had received the end of a session still reject its tokens, and they also reject new
/// tokens if the session reappears in the store. So even if the store loses the end of a session, the session stays
/// ended, provided that every app has received its end.
pub(super) const REFUSED_EVERYWHERE: &str = "the tokens of a revoked session are refused";

/// No app rejects a token whose session was not ended. So a logout everywhere does not affect tokens that are issued
/// after it, the spared session, or an owner of another kind with the same subject.
///
/// A store that lost its revision continues from the one that an app sends, so the tokens that it then issues are
/// accepted everywhere. After a failover, the property therefore holds if every app has received that revision.
pub(super) const OTHERS_STAY: &str = "the tokens of other sessions are not refused";

/// While its session is live, an honest client can present its token again at any time, as long as no response has
/// delivered the successor. Its session ends only because of a logout, the session limit or the removal of its user, at
/// its idle or absolute end, or because a thief received a pair. The client does not lose its session because responses
/// or confirmations are lost or late, because apps crash, or because clocks differ. Writes that the store lost do not
/// end the session either, unless they include the login, or the client left the session unused beyond the end that the
/// store remembers.
///
/// If a client has two tabs, or sends a second request before the first is answered, one request may present the token
/// after the response to the other has delivered the successor. This succeeds for the grace period, less the skew,
/// after the first use of the successor, if the access tokens live that long.
pub(super) const HONEST_STAYS: &str = "an honest client stays signed in";

/// A token that is presented gets nothing and ends its session once its successor has been replaced, or if its
/// successor was first used longer ago than the grace period plus the skew. Without a grace period, this applies as
/// soon as the token itself has been replaced.
///
/// So a thief who has used the access token or the refresh token that a stolen token was exchanged for is found out at
/// the owner's next refresh. A thief who presents the stolen token after the owner has used its successor is found out
/// immediately.
pub(super) const REUSE_IS_FOUND: &str = "reuse is found out";

/// The owner and the thief do not both go on. After one of them has received a successor of the token that both held,
/// the other cannot get a different one for that token. It gets at most the same successor, and only within the grace
/// period or while the successor has not been used (see [`REUSE_IS_FOUND`]). So a thief can share a session unnoticed
/// only by asking within the grace period of each refresh, or by not using what it received until the owner has asked.
/// Once a pair is confirmed and the grace period is over, a request of the one who does not have the pair ends the
/// session. Without a grace period, nothing is shared: either the owner or the thief gets successors.
///
/// After a failover, one of them may be ahead of what the store remembers. Then each gets at most one successor.
pub(super) const ONE_GOES_ON: &str = "the owner and the thief do not both go on";

/// Without a grace period, no successor is handed out to two requests.
pub(super) const HANDED_OUT_ONCE: &str = "a successor is handed out once";

/// Every pair that is handed out while an elevation is in force has its sign-in, whichever tab asks, and with whichever
/// token. A refresh that races the elevation does not revert it.
pub(super) const ELEVATION_STAYS: &str = "an elevation is not reverted";

/// No pair has the sign-in of an elevation after its end, and no access token outlives it.
pub(super) const ELEVATION_ENDS: &str = "an elevation does not outlive its end";

/// A token that gets no successor elevates nothing. So if a thief has replaced a token, and the owner signs in again with
/// it after the grace period, the thief does not gain the sign-in.
pub(super) const ELEVATED_FOR_A_PAIR: &str = "only a token that gets a successor elevates its session";

/// A session hands out nothing past its idle end or its absolute end, by any clock.
pub(super) const ENDED_GIVES_NOTHING: &str = "a session past its end hands out nothing";

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
    if system.elevates {
        all.push(Property::always(ELEVATION_STAYS, |_, state: &State| !state.seen.elevations.reverted));
        all.push(Property::always(ELEVATION_ENDS, |_, state: &State| !state.seen.elevations.outlived));
        all.push(Property::always(ELEVATED_FOR_A_PAIR, |_, state: &State| {
            !state.seen.elevations.for_nothing
        }));
    }
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
        // An app that has just started knows exactly what the feed announces.
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

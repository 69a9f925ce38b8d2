//! Tests that the model finds each fault, and each limit of the protocol.

use super::action::{Action, Who};
use super::fault::Fault;
use super::property::*;
use super::system::*;
use super::walk;

#[test]
fn the_model_finds_each_fault() {
    let faults = [
        (Fault::SwapsAnything, THIEF, ONE_GOES_ON),
        (Fault::ReadsThenWrites, TABS, REVOKED_STAYS_REVOKED),
        (Fault::ReadsThenWrites, TABS, HONEST_STAYS),
        (Fault::SwapsTheEnded, ALONE, ENDED_GIVES_NOTHING),
        (Fault::MovesTheAbsoluteEnd, ALONE, ENDED_GIVES_NOTHING),
        (Fault::HasNoGrace, TABS, HONEST_STAYS),
        (Fault::GraceStartsEarly, TABS, HONEST_STAYS),
        (Fault::GraceSlides, THIEF, REUSE_IS_FOUND),
        (Fault::GraceIsEndless, THIEF, REUSE_IS_FOUND),
        (Fault::StrictIsLenient, STRICT, HANDED_OUT_ONCE),
        (Fault::DropsTheUnconfirmed, ALONE, HONEST_STAYS),
        (Fault::ConfirmsAnyGeneration, ALONE, HONEST_STAYS),
        (Fault::SwapKeepsTheConfirmation, ALONE, HONEST_STAYS),
        (Fault::RetryGetsAnother, TABS, HONEST_STAYS),
        (Fault::ReuseIsOnlyRefused, THIEF, REUSE_IS_FOUND),
        (Fault::KnowsNoGeneration, FAILOVERS, HONEST_STAYS),
        (Fault::TakesTheSameGeneration, FAILOVER_AND_THIEF, ONE_LIVE_TOKEN),
        (Fault::RefreshReverts, ELEVATIONS, ELEVATION_STAYS),
        (Fault::RetryDoesNotElevate, ELEVATIONS, ELEVATION_STAYS),
        (Fault::AnyPreviousElevates, ELEVATIONS_AND_THIEF, ELEVATED_FOR_A_PAIR),
        (Fault::AnyPreviousElevates, System { grace: 0, ..ELEVATIONS }, ELEVATED_FOR_A_PAIR),
        (Fault::ElevationIsEndless, ELEVATIONS, ELEVATION_ENDS),
    ];
    for (fault, system, property) in faults {
        walk::fails(&format!("{fault:?}"), System { fault: Some(fault), ..system }, property);
    }
}

#[test]
fn the_model_finds_each_fault_in_revocations() {
    let faults = [
        (Fault::TellsLater, REVOCATIONS, REFUSED_EVERYWHERE),
        (Fault::TellsLater, EVERYWHERE, REFUSED_EVERYWHERE),
        (Fault::KeepsNoRevision, EVERYWHERE, OTHERS_STAY),
        (Fault::AssignsTheSameRevision, EVERYWHERE, REFUSED_EVERYWHERE),
        (Fault::ReadsTheRevisionLater, EVERYWHERE, REFUSED_EVERYWHERE),
        (Fault::SparesNone, EVERYWHERE, OTHERS_STAY),
        // The later revocation would replace the one that ended the session, whose access tokens would be accepted again.
        (Fault::SparesTheEnded, EVERYWHERE, REFUSED_EVERYWHERE),
        (Fault::IgnoresWhatWasHeard, LOST_REVISIONS, OTHERS_STAY),
        (Fault::ForgetsTheKind, KINDS, OTHERS_STAY),
        (Fault::ForgetsTheKind, KINDS, HONEST_STAYS),
    ];
    for (fault, system, property) in faults {
        walk::fails(&format!("{fault:?}"), System { fault: Some(fault), ..system }, property);
    }
}

/// Situations in which the protocol guarantees less than one might expect.
#[test]
fn the_model_finds_each_limit() {
    let limits = [
        // The store carried out a login, but its answer was lost. Then a logout everywhere ended the session. When the
        // login is sent again, the session exists once more.
        ("a login that is sent again", System { resends: true, ..CLIENTS }, REVOKED_STAYS_REVOKED),
        // One tab has received its response, the store loses the refresh, and the other tab gets a different successor.
        // The store cannot tell whether that was the other tab or a thief.
        ("two tabs at a failover", System { tabs: 2, ..FAILOVERS }, HONEST_STAYS),
        // Two tabs refresh at once, and one gets its response. The user signs in again with it, which replaces a second
        // token, before the request of the other tab has arrived. Its token is now older than the previous one.
        ("a sign-in that overtakes a refresh", System { overtakes: true, ..ELEVATIONS }, HONEST_STAYS),
        // The store lost a logout everywhere, and an app that has not received it signs a user in under the earlier
        // revision.
        ("a login after a lost logout", System { unheard: true, ..LOST_REVISIONS }, OTHERS_STAY),
        // The store lost a logout everywhere, and an app that has not received it revokes again. Because the store's
        // clock was set back, it assigns the same revision, so the tokens that were issued under the first one are
        // accepted.
        (
            "a logout after a lost logout",
            System { unheard: true, tabs: 2, ..LOST_REVISIONS },
            REFUSED_EVERYWHERE,
        ),
    ];
    for (name, system, property) in limits {
        walk::fails(name, system, property);
    }
}

/// The store lost a logout everywhere, and continues from the revision that an app sends with a login. An app that has
/// not received the logout then refreshes a session that the store has again. The new tokens have that revision, so
/// every app accepts them.
#[test]
fn a_session_that_reappears_in_the_store_may_get_the_later_revision() {
    let logout = Who::Owner(0, 1);
    let steps = [
        Action::Ask { client: 0, tab: 0 },
        Action::LogoutEverywhere { client: 0, app: 0, but_here: false },
        Action::Copy,
        Action::Remove(logout),
        Action::Tell(logout),
        Action::FailOver,
        Action::SignIn { client: 1, app: 0 },
        Action::Insert { client: 1, lost: false },
        Action::Refresh { client: 0, tab: 1, app: 1, twice: false },
    ];
    let system = System { unheard: true, tabs: 2, tokens: 3, ..LOST_REVISIONS };
    walk::leads_to(system, &steps, REFUSED_EVERYWHERE);
}

//! The conformance suite detects a store with a single fault, and its message names the fault.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use jwt_auth::store::conformance;
use rocket::futures::FutureExt;

use crate::faulty_store::{Fault, FaultyStore};

/// Checks a store and returns the message of the panic.
async fn failure(fault: Fault) -> String {
    let checked = AssertUnwindSafe(conformance::check(FaultyStore::with(fault))).catch_unwind().await;
    checked.err().map(message).unwrap_or_default()
}

fn message(panic: Box<dyn Any + Send>) -> String {
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => panic.downcast_ref::<&str>().map_or_else(String::new, |text| (*text).to_owned()),
    }
}

async fn assert_detected(fault: Fault, expected: &str) {
    let message = failure(fault).await;
    assert!(message.contains(expected), "{fault:?}: `{expected}` is not in: {message:?}");
}

#[rocket::async_test]
async fn a_store_without_a_fault_conforms() {
    assert_eq!(failure(Fault::None).await, "");
}

#[rocket::async_test]
async fn a_repeated_login_that_ends_another_session_is_detected() {
    assert_detected(Fault::RetriedInsertEvicts, "a repeated insertion drops no other family").await;
}

#[rocket::async_test]
async fn ended_sessions_that_are_kept_are_detected() {
    assert_detected(Fault::KeepsEndedFamilies, "a login drops ended families").await;
}

#[rocket::async_test]
async fn a_confirmation_that_has_no_effect_is_detected() {
    assert_detected(Fault::DoesNotConfirm, "the current generation is confirmed").await;
}

#[rocket::async_test]
async fn a_confirmation_that_counts_for_a_later_generation_is_detected() {
    assert_detected(Fault::ConfirmsLate, "an earlier or later generation does not confirm").await;
}

#[rocket::async_test]
async fn a_confirmation_that_does_not_start_the_grace_period_is_detected() {
    assert_detected(Fault::GraceStartsEarly, "only the first confirmation starts the grace period").await;
}

#[rocket::async_test]
async fn a_refresh_that_moves_the_absolute_end_is_detected() {
    assert_detected(Fault::MovesTheAbsoluteEnd, "a swap does not change the absolute end").await;
}

#[rocket::async_test]
async fn an_elevation_that_is_forgotten_is_detected() {
    assert_detected(Fault::ElevationIsForgotten, "a swap returns the elevation that it records").await;
}

#[rocket::async_test]
async fn an_elevation_by_a_token_that_gets_nothing_is_detected() {
    assert_detected(Fault::AnyPreviousElevates, "a refused swap returns the elevation").await;
}

#[rocket::async_test]
async fn an_elevation_that_a_retry_does_not_record_is_detected() {
    assert_detected(Fault::RetryDoesNotElevate, "a refused swap returns the elevation").await;
}

#[rocket::async_test]
async fn a_limit_that_programs_and_people_share_is_detected() {
    assert_detected(Fault::LimitsAreShared, "a family without a refresh token does not drop a login").await;
}

#[rocket::async_test]
async fn a_revision_that_repeats_is_detected() {
    assert_detected(Fault::RevisionRepeats, "revisions increase").await;
}

#[rocket::async_test]
async fn a_revision_that_is_forgotten_is_detected() {
    assert_detected(Fault::RevisionIsForgotten, "a revision is stored").await;
}

#[rocket::async_test]
async fn a_later_revision_that_is_not_adopted_is_detected() {
    assert_detected(Fault::HeardRevisionIsIgnored, "`insert` adopts a later revision").await;
}

#[rocket::async_test]
async fn a_logout_of_the_other_sessions_that_spares_none_is_detected() {
    assert_detected(Fault::SparesNoSession, "all families except the spared one are removed").await;
}

#[rocket::async_test]
async fn two_kinds_that_share_a_user_are_detected() {
    assert_detected(
        Fault::MixesKinds,
        r#"leaves those of Owner { app: Some("https://b.example"), kind: None"#,
    )
    .await;
}

#[rocket::async_test]
async fn two_apps_that_share_a_user_are_detected() {
    assert_detected(
        Fault::MixesApps,
        r#"leaves those of Owner { app: None, kind: Some("https://a.example")"#,
    )
    .await;
}

#[rocket::async_test]
async fn an_unpublished_removal_of_a_missing_session_is_detected() {
    assert_detected(Fault::MissingSessionIsNotPublished, "a family that did not exist when it was removed")
        .await;
}

#[rocket::async_test]
async fn an_unpublished_session_dropped_by_the_limit_is_detected() {
    assert_detected(
        Fault::DroppedSessionIsNotPublished,
        "a feed returns the revocation of a family that was dropped to make room",
    )
    .await;
}

#[rocket::async_test]
async fn a_feed_that_omits_revocations_is_detected() {
    assert_detected(Fault::FeedOmitsEntries, "a feed leaves nothing out").await;
}

#[rocket::async_test]
async fn attempts_that_are_not_counted_are_detected() {
    assert_detected(Fault::AttemptsAreNotCounted, "`reserve` matches `Attempts::reserve`").await;
}

#[rocket::async_test]
async fn networks_that_are_forgotten_are_detected() {
    assert_detected(Fault::NetworksAreForgotten, "`reserve` matches `Attempts::reserve`").await;
}

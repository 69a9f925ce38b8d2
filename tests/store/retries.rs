//! The store executes a request but its response is lost, so the client retries.

use std::sync::Arc;

use jwt_auth::store::MemoryStore;
use jwt_auth::{InvalidGrant, JwtAuth, TokenPair};
use jwt_auth_tests::{Events, Setup, User, arrive, refresh, refusal, revoked, unavailable, user};

use crate::lossy_store::LossyStore;

#[rocket::async_test]
async fn a_retried_refresh_succeeds() {
    let (auth, store, pair) = login(&Setup::memory()).await;
    store.lose(1);
    unavailable(refresh(&auth, &pair.refresh_token).await);
    let next = refresh(&auth, &pair.refresh_token).await.expect("within the grace period");
    refresh(&auth, &next.refresh_token).await.expect("the session is alive");
}

/// The reason for `reuse_grace`: without it, this client cannot be distinguished from a thief.
#[rocket::async_test]
async fn without_a_grace_period_a_retried_refresh_ends_the_session() {
    let (auth, store, pair) = login(&Setup::memory().with("reuse_grace", "0s")).await;
    store.lose(1);
    unavailable(refresh(&auth, &pair.refresh_token).await);
    assert_eq!(refusal(refresh(&auth, &pair.refresh_token).await), InvalidGrant::Reused);
}

#[rocket::async_test]
async fn a_retried_logout_is_complete() {
    let (auth, store, pair) = login(&Setup::memory()).await;
    store.lose(1);
    unavailable(auth.invalidate_refresh_token(&pair.refresh_token).await);
    assert!(
        !auth.invalidate_refresh_token(&pair.refresh_token).await.expect("no error"),
        "the first attempt had ended the session"
    );
    assert!(auth.verify::<User>(&pair.access_token).is_err(), "an access token outlived the logout");
}

#[rocket::async_test]
async fn a_session_ended_by_reuse_stays_ended() {
    let setup = Setup::memory();
    let (auth, store, stolen) = login(&setup).await;
    let thief = refresh(&auth, &stolen.refresh_token).await.expect("the thief comes first");
    arrive::<User>(&auth, &thief).await;
    setup.advance(60);
    // The response to the swap arrives; the response to the removal does not.
    store.lose(2);
    unavailable(refresh(&auth, &stolen.refresh_token).await);
    assert_eq!(refusal(refresh(&auth, &thief.refresh_token).await), InvalidGrant::Unknown);
}

/// The caller gets the reason why there is no token, and the observers hear that its session may still be live.
#[rocket::async_test]
async fn the_end_of_a_session_without_a_token_may_fail() {
    let events = Events::default();
    let (auth, store, pair) = observed_login(&Setup::memory(), &events).await;
    let caller = auth.verify::<User>(&pair.access_token).expect("a valid token");
    auth.revoke_subject::<User>("alice").await.expect("a logout everywhere");
    events.take();
    // The responses to the insertion and to the check of the caller's session arrive; the one to the removal does not.
    store.lose(3);
    let refused = auth.create_access_token(&user("alice")).ttl("90d").on_behalf_of(&caller).await;
    assert!(revoked(refused));
    assert_eq!(events.names(), ["store_unavailable failed", "end_failed temporarily_unavailable"]);
}

async fn login(setup: &Setup) -> (JwtAuth, LossyStore, TokenPair) {
    observed_login(setup, &Events::default()).await
}

async fn observed_login(setup: &Setup, events: &Events) -> (JwtAuth, LossyStore, TokenPair) {
    let store = LossyStore::over(Arc::new(MemoryStore::new()));
    let fairing = JwtAuth::fairing().clock(setup.clock.clone()).store(store.clone());
    let fairing = fairing.observe(events.observer());
    let rocket = setup.attach(fairing).ignite().await.expect("the app launches");
    let auth = rocket.state::<JwtAuth>().expect("the fairing is attached").clone();
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    (auth, store, pair)
}

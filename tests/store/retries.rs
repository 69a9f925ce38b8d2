//! The store executes a request but its response is lost, so the client retries.

use std::sync::Arc;

use jwt_auth::store::MemoryStore;
use jwt_auth::{InvalidGrant, JwtAuth, TokenPair};
use jwt_auth_tests::{Setup, User, arrive, refresh, refusal, unavailable, user};

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

async fn login(setup: &Setup) -> (JwtAuth, LossyStore, TokenPair) {
    let store = LossyStore::over(Arc::new(MemoryStore::new()));
    let fairing = JwtAuth::fairing().clock(setup.clock.clone()).store(store.clone());
    let rocket = setup.attach(fairing).ignite().await.expect("the app launches");
    let auth = rocket.state::<JwtAuth>().expect("the fairing is attached").clone();
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    (auth, store, pair)
}

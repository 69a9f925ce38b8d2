//! A store that does what it is asked, and whose answer is lost on its way: the client asks again.

use std::sync::Arc;

use jwt_auth::store::MemoryStore;
use jwt_auth::{InvalidGrant, JwtAuth, TokenPair};
use jwt_auth_tests::{Setup, User, refresh, refusal, unavailable, user};

use crate::lossy::Lossy;

#[rocket::async_test]
async fn a_refresh_gets_its_successor_at_the_next_try() {
    let (auth, store, pair) = login(&Setup::memory()).await;
    store.lose(1);
    unavailable(refresh(&auth, &pair.refresh_token).await);
    let next = refresh(&auth, &pair.refresh_token).await.expect("within the grace");
    refresh(&auth, &next.refresh_token).await.expect("the session lives");
}

/// What `reuse_grace` is for: without it, nobody can tell this client from a thief.
#[rocket::async_test]
async fn without_grace_a_refresh_costs_the_session() {
    let (auth, store, pair) = login(&Setup::memory().with("reuse_grace", "0s")).await;
    store.lose(1);
    unavailable(refresh(&auth, &pair.refresh_token).await);
    assert_eq!(refusal(refresh(&auth, &pair.refresh_token).await), InvalidGrant::Reused);
}

#[rocket::async_test]
async fn a_logout_is_whole_at_the_next_try() {
    let (auth, store, pair) = login(&Setup::memory()).await;
    store.lose(1);
    unavailable(auth.invalidate_refresh_token(&pair.refresh_token).await);
    assert!(!auth.invalidate_refresh_token(&pair.refresh_token).await.expect("no error"), "it was gone");
    assert!(auth.verify::<User>(&pair.access_token).is_err(), "an access token outlived the logout");
}

#[rocket::async_test]
async fn a_session_that_was_found_out_is_dead_at_the_next_try() {
    let setup = Setup::memory();
    let (auth, store, stolen) = login(&setup).await;
    let thief = refresh(&auth, &stolen.refresh_token).await.expect("the thief is first");
    setup.advance(60);
    // The swap is answered, the end of the session is not.
    store.lose(2);
    unavailable(refresh(&auth, &stolen.refresh_token).await);
    assert_eq!(refusal(refresh(&auth, &thief.refresh_token).await), InvalidGrant::Unknown);
}

async fn login(setup: &Setup) -> (JwtAuth, Lossy, TokenPair) {
    let store = Lossy::over(Arc::new(MemoryStore::new()));
    let fairing = JwtAuth::fairing().clock(setup.clock.clone()).store(store.clone());
    let rocket = setup.attach(fairing).ignite().await.expect("the app launches");
    let auth = rocket.state::<JwtAuth>().expect("the fairing is attached").clone();
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    (auth, store, pair)
}

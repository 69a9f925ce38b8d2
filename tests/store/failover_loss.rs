//! A Redis that loses acknowledged writes. It is restarted from an older copy, as after a failover.

use jwt_auth::{InvalidGrant, JwtAuth, TokenPair};
use jwt_auth_tests::{RedisServer, Setup, User, arrive, refresh, refusal, revoked, soon, user};

/// Longer than `reuse_grace`, in seconds.
const LATER: u64 = 60;

/// A session whose three refreshes Redis has lost, with all its tokens.
async fn lost_refreshes() -> (RedisServer, Setup, JwtAuth, Vec<TokenPair>) {
    let mut server = RedisServer::start();
    let setup = Setup::redis(&server);
    let auth = setup.launch().await;
    let mut pairs = vec![auth.generate_tokens(&user("alice")).await.expect("a login")];
    server.run("SAVE");
    for _ in 0..3 {
        setup.advance(LATER);
        pairs.push(refresh(&auth, &pairs[pairs.len() - 1].refresh_token).await.expect("a refresh"));
    }
    server.restart();
    setup.advance(LATER);
    (server, setup, auth, pairs)
}

#[rocket::async_test]
async fn lost_refreshes_log_no_user_out() {
    let (_server, setup, auth, pairs) = lost_refreshes().await;
    auth.check_refresh_token(&pairs[3].refresh_token).await.expect("the newest token is valid");
    let next = refresh(&auth, &pairs[3].refresh_token).await.expect("the newest token is valid");
    // A retry still works.
    let again = refresh(&auth, &pairs[3].refresh_token).await.expect("within the grace period");
    setup.advance(LATER);
    let last = refresh(&auth, &again.refresh_token).await.expect("the successor");
    arrive::<User>(&auth, &last).await;
    setup.advance(LATER);
    let used = refresh(&auth, &next.refresh_token).await;
    assert_eq!(refusal(used), InvalidGrant::Reused, "both responses contained the same successor");
}

/// A session whose logout Redis has lost, and two processes. The first one knows about the logout, the second one was
/// started later.
async fn lost_logout() -> (RedisServer, [JwtAuth; 2], TokenPair) {
    let mut server = RedisServer::start();
    let setup = Setup::redis(&server);
    let (one, informed) = (setup.launch().await, setup.launch().await);
    let alice = one.generate_tokens(&user("alice")).await.expect("a login");
    server.run("SAVE");
    one.invalidate_refresh_token(&alice.refresh_token).await.expect("a logout");
    soon("the logout reaches the other process", || revoked(informed.verify::<User>(&alice.access_token)))
        .await;
    server.restart();
    let new = setup.launch().await;
    (server, [informed, new], alice)
}

/// A limitation that the documentation of `RedisStore` describes.
#[rocket::async_test]
async fn a_lost_logout_brings_the_session_back() {
    let (_server, [informed, new], alice) = lost_logout().await;
    let next =
        refresh(&new, &alice.refresh_token).await.expect("this process does not know about the logout");
    new.verify::<User>(&next.access_token).expect("this process does not know about the logout");
    assert!(
        revoked(informed.verify::<User>(&next.access_token)),
        "a process that knows about the logout accepts the token"
    );
}

#[rocket::async_test]
async fn a_process_that_knows_about_a_lost_logout_repeats_it() {
    let (_server, [informed, new], alice) = lost_logout().await;
    let next =
        refresh(&new, &alice.refresh_token).await.expect("this process does not know about the logout");
    assert_eq!(refusal(informed.check_refresh_token(&next.refresh_token).await), InvalidGrant::Unknown);
    assert_eq!(
        new.sessions::<User>("alice").await.expect("Redis works").len(),
        1,
        "the check changed something"
    );

    assert_eq!(refusal(refresh(&informed, &next.refresh_token).await), InvalidGrant::Unknown);
    assert_eq!(new.sessions::<User>("alice").await.expect("Redis works").len(), 0);
    assert_eq!(refusal(refresh(&new, &next.refresh_token).await), InvalidGrant::Unknown);
    soon("the logout reaches every process", || revoked(new.verify::<User>(&next.access_token))).await;
}

#[rocket::async_test]
async fn a_stolen_older_token_is_still_detected() {
    for stolen in 0..3 {
        let (_server, setup, auth, pairs) = lost_refreshes().await;
        let next = refresh(&auth, &pairs[3].refresh_token).await.expect("the owner comes first");
        setup.advance(LATER);
        assert_eq!(refusal(refresh(&auth, &pairs[stolen].refresh_token).await), InvalidGrant::Reused);
        assert_eq!(refusal(refresh(&auth, &next.refresh_token).await), InvalidGrant::Unknown);
    }
}

#[rocket::async_test]
async fn a_thief_who_comes_first_is_detected_when_the_owner_returns() {
    for stolen in 0..3 {
        let (_server, setup, auth, pairs) = lost_refreshes().await;
        // As far as the store knows, this is the session's newest token.
        let theirs =
            refresh(&auth, &pairs[stolen].refresh_token).await.expect("the store has lost the later tokens");
        setup.advance(LATER);
        match refresh(&auth, &pairs[3].refresh_token).await {
            // The owner has a newer token. The session continues with it, and the thief's token is outdated.
            Ok(_) => assert!(stolen < 2),
            rejected => assert_eq!(refusal(rejected), InvalidGrant::Reused),
        }
        setup.advance(LATER);
        refusal(refresh(&auth, &theirs.refresh_token).await);
        assert_eq!(auth.sessions::<User>("alice").await.expect("Redis works").len(), 0, "stolen: {stolen}");
    }
}

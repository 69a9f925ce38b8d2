//! A Redis that loses acknowledged writes. It is restarted from an older copy, as after a failover.

use jwt_auth::{InvalidGrant, JwtAuth, TokenPair};
use jwt_auth_tests::{RedisServer, Setup, User, arrive, refresh, refusal, revoked, soon, user};
use rocket::http::Status;

use crate::long_lived::issue;
use crate::long_lived_checks::{asked, auth, call, client};

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

/// A long-lived token whose revocation Redis has lost, and two processes, as in [`lost_logout`].
async fn lost_revocation(everywhere: bool) -> (RedisServer, Setup, [JwtAuth; 2], String) {
    let mut server = RedisServer::start();
    let setup = Setup::redis(&server);
    let (one, informed) = (setup.launch().await, setup.launch().await);
    let token = issue(&one, "90d").await;
    let alice = informed.authenticate::<User>(&token).await.expect("the token is valid");
    server.run("SAVE");
    match everywhere {
        true => drop(one.revoke_subject::<User>("ann").await.expect("a logout everywhere")),
        false => one.revoke_access_token(&alice).await.expect("a revocation"),
    }
    soon("the revocation reaches the other process", || revoked(informed.verify::<User>(&token))).await;
    server.restart();
    let new = setup.launch().await;
    (server, setup, [informed, new], token)
}

#[rocket::async_test]
async fn a_process_that_knows_about_the_lost_revocation_of_a_long_lived_token_repeats_it() {
    for everywhere in [false, true] {
        let (_server, setup, [informed, new], token) = lost_revocation(everywhere).await;
        new.authenticate::<User>(&token).await.expect("this process does not know about the revocation");
        assert!(revoked(informed.verify::<User>(&token)));
        let sessions = async || new.sessions::<User>("ann").await.expect("Redis works").len();
        assert_eq!(sessions().await, 1, "`verify` does not call the store");

        assert!(revoked(informed.authenticate::<User>(&token).await));
        assert_eq!(sessions().await, 0, "everywhere: {everywhere}");
        soon("the revocation reaches every process", || revoked(new.verify::<User>(&token))).await;
        // Long after every process has forgotten the revocation.
        setup.advance(60 * 60);
        for process in [&informed, &new, &setup.launch().await] {
            assert!(revoked(process.authenticate::<User>(&token).await), "everywhere: {everywhere}");
        }
    }
}

#[rocket::async_test]
async fn a_route_ends_the_session_of_a_revoked_long_lived_token_again() {
    let (mut server, setup, [_, new], _) = lost_revocation(false).await;
    let client = client(&setup).await;
    let token = issue(auth(&client), "90d").await;
    server.run("SAVE");
    new.revoke_subject::<User>("ann").await.expect("a logout everywhere");
    soon("the revocation reaches the app", || revoked(auth(&client).verify::<User>(&token))).await;
    // The first request comes before the failover, and finds that the session has ended.
    assert_eq!(call(&client, &token).await, Status::Unauthorized);
    server.restart();
    let sessions = async || new.sessions::<User>("ann").await.expect("Redis works").len();
    let before = asked(&server);
    for _ in 0..20 {
        assert_eq!(call(&client, &token).await, Status::Unauthorized);
    }
    assert_eq!(asked(&server), before, "the store was asked less than a minute ago");
    assert_ne!(sessions().await, 0);
    setup.advance(61);
    assert_eq!(call(&client, &token).await, Status::Unauthorized);
    setup.advance(61);
    assert!(auth(&client).sessions::<User>("ann").await.is_ok_and(|sessions| sessions.len() == 1));
}

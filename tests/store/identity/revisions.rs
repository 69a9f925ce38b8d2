//! Logouts everywhere. They compare no clocks, and they also end sessions that the store has lost.

use std::time::Duration;

use jwt_auth::clock::Clock;
use jwt_auth::{AuthError, InvalidGrant, InvalidToken};
use jwt_auth_tests::{RedisServer, Setup, User, payload, refresh, refusal, user, within};
use uuid::Uuid;

use super::is_revoked;

on_every_store![
    a_token_issued_after_a_logout_everywhere_in_the_same_second_is_valid,
    signing_out_everywhere_else_spares_the_session_of_the_token,
    signing_out_everywhere_else_requires_a_session,
    an_access_token_does_not_outlive_its_session,
    a_refresh_on_an_instance_whose_clock_is_behind_succeeds,
];

async fn a_token_issued_after_a_logout_everywhere_in_the_same_second_is_valid(setup: Setup) {
    let auth = setup.launch().await;
    for _ in 0..3 {
        let before = auth.generate_tokens(&user("alice")).await.expect("a login");
        let program_before = auth.create_access_token(&user("alice")).await.expect("a token");
        auth.revoke_subject::<User>("alice").await.expect("a logout everywhere");
        let after = auth.generate_tokens(&user("alice")).await.expect("a login");
        let program_after = auth.create_access_token(&user("alice")).await.expect("a token");
        for token in [&before.access_token, &program_before] {
            assert!(is_revoked::<User>(&auth, token));
        }
        for token in [&after.access_token, &program_after] {
            assert!(!is_revoked::<User>(&auth, token));
        }
        assert_eq!(refusal(refresh(&auth, &before.refresh_token).await), InvalidGrant::Unknown);
        let next = refresh(&auth, &after.refresh_token).await.expect("a refresh");
        assert!(!is_revoked::<User>(&auth, &next.access_token));
    }
}

async fn signing_out_everywhere_else_spares_the_session_of_the_token(setup: Setup) {
    let auth = setup.launch().await;
    let [phone, laptop] = [
        auth.generate_tokens(&user("alice")).await.expect("a login"),
        auth.generate_tokens(&user("alice")).await.expect("a login"),
    ];
    let bob = auth.generate_tokens(&user("bob")).await.expect("a login");
    let program = auth.create_access_token(&user("alice")).await.expect("a token");
    let here = auth.verify::<User>(&phone.access_token).expect("a valid token");
    assert_eq!(auth.revoke_others(&here).await.expect("a logout everywhere else"), 1);

    for token in [&laptop.access_token, &program] {
        assert!(is_revoked::<User>(&auth, token), "a token of another session is still valid");
    }
    assert_eq!(refusal(refresh(&auth, &laptop.refresh_token).await), InvalidGrant::Unknown);
    for token in [&phone.access_token, &bob.access_token] {
        assert!(!is_revoked::<User>(&auth, token), "a token of this session or of another user was revoked");
    }
    let next = refresh(&auth, &phone.refresh_token).await.expect("the session continues");
    assert!(!is_revoked::<User>(&auth, &next.access_token));

    // Called from another session, it ends this one, too.
    let tablet = auth.generate_tokens(&user("alice")).await.expect("a login");
    let there = auth.verify::<User>(&tablet.access_token).expect("a valid token");
    assert_eq!(auth.revoke_others(&there).await.expect("a logout everywhere else"), 1);
    for token in [&phone.access_token, &next.access_token] {
        assert!(is_revoked::<User>(&auth, token));
    }
    assert!(!is_revoked::<User>(&auth, &tablet.access_token));
}

async fn signing_out_everywhere_else_requires_a_session(setup: Setup) {
    let auth = setup.launch().await;
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    let program = auth.create_access_token(&user("alice")).await.expect("a token");
    let program = auth.verify::<User>(&program).expect("a valid token");
    let rejected = auth.revoke_others(&program).await;
    assert!(matches!(rejected, Err(AuthError::InvalidToken(InvalidToken::NoSession))), "{rejected:?}");
    assert!(!is_revoked::<User>(&auth, &pair.access_token));
}

async fn an_access_token_does_not_outlive_its_session(setup: Setup) {
    let setup = setup.with("access_ttl", "10m").with("refresh_ttl", "10m").with("session_ttl", "15m");
    let auth = setup.launch().await;
    let first = auth.generate_tokens(&user("alice")).await.expect("a login");
    assert_eq!((first.expires_in, first.refresh_expires_in), (600, 600));
    setup.advance(8 * 60);
    let second = refresh(&auth, &first.refresh_token).await.expect("a refresh");
    assert_eq!(
        (second.expires_in, second.refresh_expires_in),
        (7 * 60, 7 * 60),
        "the session lives until its absolute end"
    );
    // A retry returns the same successor, whose idle end has not moved.
    setup.advance(60);
    let again = refresh(&auth, &first.refresh_token).await.expect("a retry");
    assert_eq!((again.expires_in, again.refresh_expires_in), (6 * 60, 6 * 60));
}

async fn a_refresh_on_an_instance_whose_clock_is_behind_succeeds(setup: Setup) {
    let auth = setup.launch().await;
    setup.advance(60);
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    setup.clock.set(jwt_auth::clock::Timestamp::from_secs(setup.clock.now().as_secs() - 15));
    let next = refresh(&auth, &pair.refresh_token).await.expect("the store decides, not `iat`");
    assert!(payload(&next.refresh_token)["iat"].as_u64() < payload(&pair.refresh_token)["iat"].as_u64());
}

/// Launches two processes whose clocks differ.
async fn apart(server: &RedisServer) -> [jwt_auth::JwtAuth; 2] {
    let (behind, mut ahead) = (Setup::redis(server), Setup::redis(server));
    ahead.clock = jwt_auth::clock::ManualClock::at(behind.clock.now() + Duration::from_secs(5));
    [behind.launch().await, ahead.launch().await]
}

#[rocket::async_test]
async fn a_logout_everywhere_revokes_tokens_of_an_instance_whose_clock_is_ahead() {
    let server = RedisServer::start();
    let [behind, ahead] = apart(&server).await;
    for (revoking, issuing) in [(&behind, &ahead), (&ahead, &behind)] {
        let before = issuing.generate_tokens(&user("alice")).await.expect("a login");
        let program = issuing.create_access_token(&user("alice")).await.expect("a token");
        revoking.revoke_subject::<User>("alice").await.expect("a logout everywhere");
        let after = issuing.create_access_token(&user("alice")).await.expect("a token");
        for auth in [&behind, &ahead] {
            for token in [&before.access_token, &program] {
                within(5, "the token is rejected everywhere", || is_revoked::<User>(auth, token)).await;
            }
            assert!(!is_revoked::<User>(auth, &after), "a token issued after the logout was revoked");
        }
    }
}

#[rocket::async_test]
async fn a_logout_everywhere_ends_sessions_that_the_store_has_lost() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let (one, other) = (setup.launch().await, setup.launch().await);
    let lost = one.generate_tokens(&user("alice")).await.expect("a login");
    let program = one.create_access_token(&user("alice")).await.expect("a token");
    server.run("FLUSHDB");
    assert_eq!(one.revoke_subject::<User>("alice").await.expect("a logout everywhere"), 0);
    for auth in [&one, &other] {
        for token in [&lost.access_token, &program] {
            within(5, "the token is rejected everywhere", || is_revoked::<User>(auth, token)).await;
        }
    }
    let new = setup.launch().await;
    assert!(is_revoked::<User>(&new, &lost.access_token), "a process that starts later accepts the token");
    let after = other.generate_tokens(&user("alice")).await.expect("a login");
    for auth in [&one, &other, &new] {
        assert!(!is_revoked::<User>(auth, &after.access_token));
    }
}

#[rocket::async_test]
async fn signing_out_everywhere_else_ends_sessions_that_the_store_has_lost() {
    let server = RedisServer::start();
    let auth = Setup::redis(&server).launch().await;
    let lost = auth.generate_tokens(&user("alice")).await.expect("a login");
    server.run("FLUSHDB");
    let here = auth.generate_tokens(&user("alice")).await.expect("a login");
    let claims = auth.verify::<User>(&here.access_token).expect("a valid token");
    assert_eq!(auth.revoke_others(&claims).await.expect("a logout everywhere else"), 0);
    assert!(is_revoked::<User>(&auth, &lost.access_token));
    assert!(!is_revoked::<User>(&auth, &here.access_token));
}

/// A request from a session that is being ended elsewhere must not make its tokens valid again.
#[rocket::async_test]
async fn signing_out_everywhere_else_spares_no_session_that_has_ended() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let (one, other) = (setup.launch().await, setup.launch().await);
    let pair = one.generate_tokens(&user("alice")).await.expect("a login");
    let here = one.verify::<User>(&pair.access_token).expect("a valid token");
    one.revoke_subject::<User>("alice").await.expect("a logout everywhere");
    assert_eq!(one.revoke_others(&here).await.expect("a logout everywhere else"), 0);
    for auth in [&one, &other] {
        within(5, "the token stays rejected", || is_revoked::<User>(auth, &pair.access_token)).await;
    }
    assert!(is_revoked::<User>(&setup.launch().await, &pair.access_token));
}

#[rocket::async_test]
async fn only_its_owner_can_end_a_session_that_the_store_has_lost() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let (one, other) = (setup.launch().await, setup.launch().await);
    let alice = one.generate_tokens(&user("alice")).await.expect("a login");
    let id: Uuid = one.verify::<User>(&alice.access_token).expect("valid").session_id().expect("a session");
    server.run("FLUSHDB");
    assert!(!one.revoke_session::<User>("bob", id).await.expect("no error"));
    assert!(!is_revoked::<User>(&one, &alice.access_token), "Bob ended Alice's session");

    assert!(
        !one.revoke_session::<User>("alice", id).await.expect("no error"),
        "the store has no such session"
    );
    for auth in [&one, &other] {
        within(5, "the token is rejected everywhere", || is_revoked::<User>(auth, &alice.access_token)).await;
    }
    let again = one.generate_tokens(&user("alice")).await.expect("a login");
    server.run("FLUSHDB");
    assert!(!one.invalidate_refresh_token(&again.refresh_token).await.expect("no error"));
    assert!(
        is_revoked::<User>(&one, &again.access_token),
        "a logout by the refresh token did not end the session"
    );
}

#[rocket::async_test]
async fn a_store_that_lost_its_revision_continues_from_the_one_that_an_app_knows() {
    let server = RedisServer::start();
    let auth = Setup::redis(&server).launch().await;
    let before = auth.generate_tokens(&user("alice")).await.expect("a login");
    auth.revoke_subject::<User>("alice").await.expect("a logout everywhere");
    server.run("FLUSHDB");
    let tokens = [
        auth.create_access_token(&user("alice")).await.expect("a token"),
        auth.generate_tokens(&user("alice")).await.expect("a login").access_token,
    ];
    assert!(is_revoked::<User>(&auth, &before.access_token));
    for token in &tokens {
        assert!(!is_revoked::<User>(&auth, token), "a token issued after the logout was revoked");
    }
    auth.revoke_subject::<User>("alice").await.expect("another logout everywhere");
    for token in &tokens {
        assert!(is_revoked::<User>(&auth, token));
    }
}

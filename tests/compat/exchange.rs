//! After the Python service has been shut down, its refresh tokens are exchanged for sessions of this service.

use std::collections::HashSet;

use jwt_auth::{AuthError, InvalidGrant, JwtAuth};
use jwt_auth_tests::{Log, RedisServer, Setup, arrive, payload, refusal, unavailable};
use rocket::futures::future::join_all;
use rocket::tokio::spawn;

use crate::fixtures::{Account, LIFE, account, add, members, refresh, refresh_token, service};

const RACERS: usize = 20;

#[rocket::async_test]
async fn a_token_is_exchanged_for_a_session() {
    let (server, setup) = service("accept");
    let auth = setup.launch().await;
    let token = refresh_token(&server, &setup, 5.into(), LIFE);
    let seen = auth.check_refresh_token(&token).await.expect("the token is in the SET");
    setup.advance(60);

    let pair = refresh(&auth, &token).await.expect("a refresh");
    assert!(members(&server).is_empty());
    let user = auth.verify::<Account>(&pair.access_token).expect("a valid token");
    assert_eq!((user.session_id(), &*user), (Some(seen.id), &account(5)));
    let [session] = &auth.sessions::<Account>(5).await.expect("the store works")[..] else {
        panic!("expected one session")
    };
    assert_eq!(session.id, seen.id);

    let next = refresh(&auth, &pair.refresh_token).await.expect("an ordinary session");
    assert!(auth.invalidate_refresh_token(&next.refresh_token).await.expect("a logout"));
    assert!(auth.verify::<Account>(&next.access_token).is_err());
}

#[rocket::async_test]
async fn a_retry_within_the_grace_period_returns_the_same_successor() {
    let (server, setup) = service("accept");
    let auth = setup.launch().await;
    let token = refresh_token(&server, &setup, 5.into(), LIFE);
    let first = refresh(&auth, &token).await.expect("a refresh");
    setup.advance(29);
    auth.check_refresh_token(&token).await.expect("within the grace period");
    let again = refresh(&auth, &token).await.expect("within the grace period");
    let jti = |token: &str| payload(token)["jti"].clone();
    assert_eq!(jti(&first.refresh_token), jti(&again.refresh_token), "the same successor");
    refresh(&auth, &first.refresh_token).await.expect("the session is alive");
}

#[rocket::async_test]
async fn reuse_after_the_grace_period_ends_the_session() {
    let (server, setup) = service("accept");
    let auth = setup.launch().await;
    let token = refresh_token(&server, &setup, 5.into(), LIFE);
    let pair = refresh(&auth, &token).await.expect("a refresh");
    arrive::<Account>(&auth, &pair).await;
    setup.advance(30);
    assert_eq!(refusal(refresh(&auth, &token).await), InvalidGrant::Reused);
    assert_eq!(refusal(refresh(&auth, &pair.refresh_token).await), InvalidGrant::Unknown);
    assert!(auth.verify::<Account>(&pair.access_token).is_err());
    assert_eq!(refusal(refresh(&auth, &token).await), InvalidGrant::Unknown);
}

#[rocket::async_test]
async fn concurrent_exchanges_start_one_session() {
    let (server, setup) = service("accept");
    let processes = [setup.launch().await, setup.launch().await];
    let token = refresh_token(&server, &setup, 5.into(), LIFE);
    let racers = (0..RACERS).map(|i| {
        let (auth, token) = (processes[i % 2].clone(), token.clone());
        spawn(async move { refresh(&auth, &token).await })
    });
    let results: Vec<_> =
        join_all(racers).await.into_iter().map(|racer| racer.expect("no racer panics")).collect();
    let mut successors = HashSet::new();
    for result in results {
        match result {
            Ok(pair) => {
                successors.insert(payload(&pair.refresh_token)["jti"].to_string());
            }
            // The session is still being created. A retry gets the same token as the others.
            result => unavailable(result),
        }
    }
    assert_eq!(successors.len(), 1, "one session with one live token");
    assert_eq!(processes[0].sessions::<Account>(5).await.expect("the store works").len(), 1);
    let again = refresh(&processes[1], &token).await.expect("within the grace period");
    assert!(successors.contains(&payload(&again.refresh_token)["jti"].to_string()));
}

#[rocket::async_test]
async fn a_token_that_is_not_in_the_set_starts_no_session() {
    let (server, setup) = service("accept");
    let auth = setup.launch().await;
    let token = refresh_token(&server, &setup, 5.into(), LIFE);
    server.run("DEL refresh_tokens");
    assert_eq!(refusal(refresh(&auth, &token).await), InvalidGrant::Unknown);
    assert_eq!(refusal(auth.check_refresh_token(&token).await), InvalidGrant::Unknown);
    assert!(!auth.invalidate_refresh_token(&token).await.expect("no error"));
    assert_eq!(auth.sessions::<Account>(5).await.expect("the store works"), []);
}

#[rocket::async_test]
async fn a_logout_with_the_exchanged_token_ends_the_session() {
    let (server, setup) = service("accept");
    let auth = setup.launch().await;
    let token = refresh_token(&server, &setup, 5.into(), LIFE);
    let pair = refresh(&auth, &token).await.expect("a refresh");
    // A client that did not receive the response logs out with its old token.
    assert!(auth.invalidate_refresh_token(&token).await.expect("a logout"));
    assert!(auth.verify::<Account>(&pair.access_token).is_err());
    assert_eq!(refusal(refresh(&auth, &pair.refresh_token).await), InvalidGrant::Unknown);
    assert_eq!(refusal(refresh(&auth, &token).await), InvalidGrant::Unknown);
    assert!(!auth.invalidate_refresh_token(&token).await.expect("a logout can be repeated"));
}

#[rocket::async_test]
async fn a_logout_that_races_with_an_exchange_ends_the_session() {
    let (server, setup) = service("accept");
    let auth = setup.launch().await;
    for _ in 0..10 {
        let token = refresh_token(&server, &setup, 5.into(), LIFE);
        let refresher = {
            let (auth, token) = (auth.clone(), token.clone());
            spawn(async move { refresh(&auth, &token).await })
        };
        let ended = loop {
            match auth.invalidate_refresh_token(&token).await {
                Ok(ended) => break ended,
                Err(error) => assert!(matches!(error, AuthError::TemporarilyUnavailable(_)), "{error:?}"),
            }
        };
        assert!(ended, "the token or its session existed");
        if let Ok(pair) = refresher.await.expect("no panic") {
            assert_eq!(refusal(refresh(&auth, &pair.refresh_token).await), InvalidGrant::Unknown);
            assert!(auth.verify::<Account>(&pair.access_token).is_err());
        }
        assert_eq!(auth.sessions::<Account>(5).await.expect("the store works"), []);
        setup.advance(1);
    }
}

#[rocket::async_test]
async fn a_retry_after_a_logout_everywhere_is_rejected() {
    let (server, setup) = service("accept");
    let auth = setup.launch().await;
    let token = refresh_token(&server, &setup, 5.into(), LIFE);
    let pair = refresh(&auth, &token).await.expect("a refresh");
    // Simulates a session that began after the logout had ended all existing ones. The key ends with half of the SHA-256
    // of the subject.
    server.run("SET jwt-auth:{refresh_tokens}:revoked:7y0SfeN7lCuq0GFF5UsMYQ 99999999999");
    assert_eq!(refusal(refresh(&auth, &token).await), InvalidGrant::Unknown);
    assert_eq!(refusal(refresh(&auth, &pair.refresh_token).await), InvalidGrant::Unknown);
    assert!(auth.verify::<Account>(&pair.access_token).is_err());
}

/// Returns a Python token, and a Redis that cannot store its session because the key for its subject contains another
/// type.
async fn blocked_session_key() -> (RedisServer, JwtAuth, String, String) {
    let (server, setup) = service("accept");
    let auth = setup.launch().await;
    let token = refresh_token(&server, &setup, 5.into(), LIFE);
    refresh(&auth, &token).await.expect("a refresh");
    let [key] = &keys(&server)[..] else { panic!("expected one session key") };
    let key = key.clone();
    server.run(&format!("SET {key} garbage"));
    setup.advance(1);
    let token = refresh_token(&server, &setup, 5.into(), LIFE);
    (server, auth, key, token)
}

#[rocket::async_test]
async fn a_session_that_cannot_be_stored_does_not_use_up_the_token() {
    let (server, auth, key, token) = blocked_session_key().await;
    unavailable(refresh(&auth, &token).await);
    assert_eq!(members(&server), [token.as_str()], "the token was put back");
    server.run(&format!("DEL {key}"));
    refresh(&auth, &token).await.expect("the same token, once the store works again");
    assert!(members(&server).is_empty());
}

#[rocket::async_test]
async fn a_token_that_cannot_be_put_back_is_logged_as_a_warning() {
    let log = Log::capture();
    let (server, auth, _, token) = blocked_session_key().await;
    server.run("ACL SETUSER default -sadd");
    unavailable(refresh(&auth, &token).await);
    assert!(members(&server).is_empty());
    assert!(log.text().contains("could not be put back"), "{}", log.text());
    assert!(!log.text().contains(&token), "a token was logged");
}

/// Returns the keys of sessions, without those of the SET.
fn keys(server: &RedisServer) -> Vec<String> {
    server.session_keys().into_iter().filter(|key| !key.contains("refresh_tokens")).collect()
}

#[rocket::async_test]
async fn a_session_survives_all_phases() {
    let (server, issue) = service("issue");
    let accept = issue.clone().with("fastapi_framework", "accept");
    let mut off = Setup::redis(&server);
    off.clock = issue.clock.clone();

    let first = issue.launch().await;
    let pair = first.generate_tokens(&account(5)).await.expect("a login");
    let unused = first.generate_tokens(&account(6)).await.expect("a login");
    let pair = refresh(&first, &pair.refresh_token).await.expect("a refresh");

    let second = accept.launch().await;
    second.verify::<Account>(&pair.access_token).expect("until it expires");
    let exchanged = refresh(&second, &pair.refresh_token).await.expect("a refresh");
    // A rolling update runs both phases at once.
    first.verify::<Account>(&exchanged.access_token).expect("a process in the previous phase accepts it");
    let exchanged = refresh(&first, &exchanged.refresh_token).await.expect("and refreshes it");
    assert_eq!(members(&server), [unused.refresh_token.as_str()]);

    let third = off.launch().await;
    third.verify::<Account>(&exchanged.access_token).expect("an ordinary token of this service");
    refresh(&third, &exchanged.refresh_token).await.expect("a refresh");
    assert!(
        third.verify::<Account>(&unused.access_token).is_err(),
        "a user who never refreshed is logged out"
    );
    assert!(matches!(refusal(refresh(&third, &unused.refresh_token).await), InvalidGrant::Token(_)));
    assert!(!third.invalidate_refresh_token(&unused.refresh_token).await.expect("no error"));
    assert_eq!(members(&server), [unused.refresh_token.as_str()], "the SET is no longer read");
}

#[rocket::async_test]
async fn a_login_starts_an_ordinary_session() {
    let (server, setup) = service("accept");
    let auth = setup.launch().await;
    let pair = auth.generate_tokens(&account(5)).await.expect("a login");
    let token = auth.create_refresh_token::<Account>(5).await.expect("a login");
    assert!(members(&server).is_empty());
    for token in [&pair.refresh_token, &token] {
        assert!(payload(token)["sid"].is_string());
        // Adding it to the SET does not turn it into a Python token.
        add(&server, token);
        refresh(&auth, token).await.expect("a refresh");
    }
    assert_eq!(members(&server).len(), 2);
}

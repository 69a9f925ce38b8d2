//! Many concurrent requests with the same token.

use std::collections::HashSet;

use jwt_auth::{AuthError, InvalidGrant, JwtAuth, TokenPair};
use jwt_auth_tests::{RedisServer, Setup, User, payload, refresh, refusal, user};
use rocket::futures::future::join_all;
use rocket::tokio::spawn;

const RACERS: usize = 100;

on_every_store![
    a_hundred_refreshes_leave_one_live_token,
    without_a_grace_period_a_race_has_one_winner_and_ends_the_session,
    a_logout_that_races_with_refreshes_ends_the_session,
    a_logout_everywhere_that_races_with_refreshes_ends_the_session,
];

async fn a_hundred_refreshes_leave_one_live_token(setup: Setup) {
    let auth = setup.launch().await;
    let token = auth.generate_tokens(&user("alice")).await.expect("a login").refresh_token;

    let pairs = expect_all(race(&[&auth], &token).await);
    assert_one_live_token(&auth, &pairs).await;
}

#[rocket::async_test]
async fn refreshes_on_two_processes_leave_one_live_token() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let (one, other) = (setup.launch().await, setup.launch().await);
    let token = one.generate_tokens(&user("alice")).await.expect("a login").refresh_token;

    let pairs = expect_all(race(&[&one, &other], &token).await);
    assert_one_live_token(&other, &pairs).await;
}

async fn without_a_grace_period_a_race_has_one_winner_and_ends_the_session(setup: Setup) {
    let auth = setup.with("reuse_grace", "0s").launch().await;
    let token = auth.generate_tokens(&user("alice")).await.expect("a login").refresh_token;

    let (won, lost): (Vec<_>, Vec<_>) =
        race(&[&auth], &token).await.into_iter().partition(|result| result.is_ok());
    let [winner] = &expect_all(won)[..] else { panic!("expected one winner") };
    let reasons: Vec<InvalidGrant> = lost.into_iter().map(refusal).collect();
    assert!(reasons.contains(&InvalidGrant::Reused), "the race was not detected as reuse: {reasons:?}");
    assert_eq!(refusal(refresh(&auth, &winner.refresh_token).await), InvalidGrant::Unknown);
    assert!(
        auth.verify::<User>(&winner.access_token).is_err(),
        "the winner's access token is still accepted"
    );
}

async fn a_logout_that_races_with_refreshes_ends_the_session(setup: Setup) {
    let auth = setup.launch().await;
    let token = auth.generate_tokens(&user("alice")).await.expect("a login").refresh_token;

    let logout = {
        let (auth, token) = (auth.clone(), token.clone());
        async move { auth.invalidate_refresh_token(&token).await }
    };
    assert_dead_after(&auth, &token, logout).await;
}

async fn a_logout_everywhere_that_races_with_refreshes_ends_the_session(setup: Setup) {
    let auth = setup.launch().await;
    let token = auth.generate_tokens(&user("alice")).await.expect("a login").refresh_token;

    let logout = {
        let auth = auth.clone();
        async move { auth.revoke_subject::<User>("alice").await.map(|_| true) }
    };
    assert_dead_after(&auth, &token, logout).await;
}

/// Refreshes with the same token many times at once.
async fn race(apps: &[&JwtAuth], token: &str) -> Vec<Result<TokenPair, AuthError>> {
    let racers = (0..RACERS).map(|i| {
        let (auth, token) = (apps[i % apps.len()].clone(), token.to_owned());
        spawn(async move { refresh(&auth, &token).await })
    });
    join_all(racers).await.into_iter().map(|racer| racer.expect("no racer panics")).collect()
}

/// Asserts that no token from the concurrent refreshes is valid after the logout.
async fn assert_dead_after(
    auth: &JwtAuth,
    token: &str,
    logout: impl Future<Output = Result<bool, AuthError>> + Send + 'static,
) {
    let runner = {
        let (auth, token) = (auth.clone(), token.to_owned());
        spawn(async move { race(&[&auth], &token).await })
    };
    assert!(spawn(logout).await.expect("no panic").expect("a logout"), "the logout ended no session");
    let results = runner.await.expect("no panic");

    for pair in results.into_iter().flatten() {
        assert_eq!(refusal(refresh(auth, &pair.refresh_token).await), InvalidGrant::Unknown);
        assert!(auth.verify::<User>(&pair.access_token).is_err(), "an access token outlived the logout");
    }
    assert_eq!(refusal(refresh(auth, token).await), InvalidGrant::Unknown);
    assert_eq!(auth.sessions::<User>("alice").await.expect("the store works"), []);
}

async fn assert_one_live_token(auth: &JwtAuth, pairs: &[TokenPair]) {
    let ids: HashSet<String> =
        pairs.iter().map(|pair| payload(&pair.refresh_token)["jti"].to_string()).collect();
    assert_eq!(ids.len(), 1, "clients received different successors");
    for pair in pairs {
        auth.verify::<User>(&pair.access_token).expect("the access token is valid");
    }
    assert_eq!(auth.sessions::<User>("alice").await.expect("the store works").len(), 1);
    refresh(auth, &pairs[0].refresh_token).await.expect("the session is alive");
}

fn expect_all(results: Vec<Result<TokenPair, AuthError>>) -> Vec<TokenPair> {
    results.into_iter().map(|result| result.expect("within the grace period")).collect()
}

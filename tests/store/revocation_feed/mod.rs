//! Every process that shares a Redis rejects what one of them has revoked.

mod batches;
mod clocks;
mod idle;
mod off;
mod retention;
mod stale;
mod stream;
mod strict;

use jwt_auth::{AuthError, InvalidGrant, JwtAuth};
use jwt_auth_tests::{
    RedisServer, Setup, User, access_token, arrive, payload, refresh, refusal, revoked, soon, user,
};

/// Launches two processes on one Redis.
async fn pair_of_processes() -> (RedisServer, Setup, JwtAuth, JwtAuth) {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let (one, other) = (setup.launch().await, setup.launch().await);
    (server, setup, one, other)
}

#[rocket::async_test]
async fn every_way_to_end_a_session_reaches_the_other_process() {
    let (_server, setup, one, other) = pair_of_processes().await;
    let alice = user("alice");
    let login = async || one.generate_tokens(&alice).await.expect("a login");

    let logout = login().await;
    one.invalidate_refresh_token(&logout.refresh_token).await.expect("a logout");
    refused_soon(&other, &logout.access_token).await;

    let ended = login().await;
    one.revoke_session::<User>("alice", session(&one, &ended.access_token))
        .await
        .expect("the session is revoked");
    refused_soon(&other, &ended.access_token).await;

    let everywhere = [login().await, login().await];
    one.revoke_subject::<User>("alice").await.expect("a logout everywhere");
    for pair in &everywhere {
        refused_soon(&other, &pair.access_token).await;
    }

    let stolen = login().await;
    let next = refresh(&one, &stolen.refresh_token).await.expect("a refresh");
    arrive::<User>(&one, &next).await;
    setup.advance(31);
    assert_eq!(refusal(refresh(&one, &stolen.refresh_token).await), InvalidGrant::Reused);
    refused_soon(&other, &next.access_token).await;
}

#[rocket::async_test]
async fn a_session_dropped_by_the_limit_reaches_the_other_process() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server).with("max_sessions", 1);
    let (one, other) = (setup.launch().await, setup.launch().await);
    let first = one.generate_tokens(&user("alice")).await.expect("a login");
    let second = one.generate_tokens(&user("alice")).await.expect("a login");
    refused_soon(&other, &first.access_token).await;
    other.verify::<User>(&second.access_token).expect("the new session is alive");
}

#[rocket::async_test]
async fn a_login_after_a_logout_everywhere_in_the_same_second_survives() {
    let (_server, _setup, one, other) = pair_of_processes().await;
    let before = one.generate_tokens(&user("alice")).await.expect("a login");
    one.revoke_subject::<User>("alice").await.expect("a logout everywhere");
    let after = one.generate_tokens(&user("alice")).await.expect("a login");
    refused_soon(&other, &before.access_token).await;
    for process in [&one, &other] {
        process.verify::<User>(&after.access_token).expect("the new session is alive");
    }
}

#[rocket::async_test]
async fn a_logout_everywhere_revokes_tokens_without_a_session() {
    let (_server, setup, one, other) = pair_of_processes().await;
    let before = one.create_access_token(&user("alice")).await.expect("a token");
    let bobs = one.create_access_token(&user("bob")).await.expect("a token");
    one.revoke_subject::<User>("alice").await.expect("a logout everywhere");
    refused_soon(&one, &before).await;
    refused_soon(&other, &before).await;
    other.verify::<User>(&bobs).expect("a token of another user");

    setup.advance(1);
    let after = one.create_access_token(&user("alice")).await.expect("a token");
    other.verify::<User>(&after).expect("issued after the logout");
}

#[rocket::async_test]
async fn revoking_an_access_token_affects_no_other_token() {
    let (_server, _setup, one, other) = pair_of_processes().await;
    let [ended, by_id, untouched] = [(); 3].map(|()| access_token(&one, &user("alice")));
    one.revoke_access_token(&one.verify::<User>(&ended).expect("a valid token")).await.expect("a revocation");
    // An app may keep only the id of a token in its database.
    other.revoke_access_token(token_id(&by_id)).await.expect("a revocation");
    for token in [&ended, &by_id] {
        refused_soon(&one, token).await;
        refused_soon(&other, token).await;
    }

    let alice = one.generate_tokens(&user("alice")).await.expect("a login");
    other.revoke_access_token(token_id(&alice.access_token)).await.expect("a revocation");
    refused_soon(&one, &alice.access_token).await;
    let next = refresh(&one, &alice.refresh_token).await.expect("the session is alive");
    for process in [&one, &other] {
        for token in [&untouched, &next.access_token] {
            process.verify::<User>(token).expect("another token");
        }
    }
    // Neither a repeated revocation nor an unknown id is an error.
    for id in [token_id(&ended), uuid::Uuid::new_v4()] {
        one.revoke_access_token(id).await.expect("no error");
    }
}

#[rocket::async_test]
async fn revocation_off_ignores_revocations() {
    let setup = Setup::memory().with("revocation", "off");
    let auth = setup.launch().await;
    let alice = auth.generate_tokens(&user("alice")).await.expect("a login");
    auth.revoke_subject::<User>("alice").await.expect("a logout everywhere");
    auth.verify::<User>(&alice.access_token).expect("valid until it expires");
    let result = auth.revoke_access_token(token_id(&alice.access_token)).await;
    let Err(AuthError::Internal(message)) = result else {
        panic!("the revocation would have no effect: {result:?}")
    };
    assert!(message.contains("`revocation`"), "{message}");
}

fn session(auth: &JwtAuth, access_token: &str) -> uuid::Uuid {
    let token = auth.verify::<User>(access_token).expect("a valid token");
    token.session_id().expect("the token has a session")
}

/// Returns the `jti` of a token without verifying the token.
fn token_id(access_token: &str) -> uuid::Uuid {
    let id = payload(access_token)["jti"].as_str().and_then(|id| id.parse().ok());
    id.expect("the token has a `jti`")
}

async fn refused_soon(auth: &JwtAuth, access_token: &str) {
    let refused = || revoked(auth.verify::<User>(access_token));
    soon("the other process rejects the revoked token", refused).await;
}

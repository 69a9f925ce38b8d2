//! How often the store is asked about the session of a long-lived token, and what happens if it does not answer.

use jwt_auth::{Auth, AuthError, JwtAuth};
use jwt_auth_tests::{RedisServer, Setup, User, revoked, unavailable};
use rocket::http::{Header, Status};
use rocket::local::asynchronous::Client;
use rocket::tokio::join;

use crate::long_lived::issue;

const ACCESS_TTL: u64 = 15 * 60;

#[jwt_auth::require_auth]
#[rocket::get("/")]
fn who(user: Auth<User>) -> String {
    user.name.clone()
}

/// Returns how often the store was asked about a session.
pub(crate) fn asked(server: &RedisServer) -> usize {
    let stats = server.ask("INFO commandstats");
    let calls = stats.lines().find_map(|line| line.strip_prefix("cmdstat_hmget:calls="));
    calls.map_or(0, |calls| calls.split(',').next().and_then(|calls| calls.parse().ok()).expect("a number"))
}

pub(crate) async fn client(setup: &Setup) -> Client {
    let rocket = setup.rocket().mount("/", jwt_auth::routes![who]);
    Client::tracked(rocket).await.expect("the app launches")
}

pub(crate) fn auth(client: &Client) -> &JwtAuth {
    client.rocket().state().expect("the fairing is attached")
}

pub(crate) async fn call(client: &Client, token: &str) -> Status {
    let header = Header::new("Authorization", format!("Bearer {token}"));
    client.get("/").header(header).dispatch().await.status()
}

#[rocket::async_test]
async fn each_process_asks_the_store_once_per_access_ttl() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let (one, other) = join!(client(&setup), client(&setup));
    let token = issue(auth(&one), "90d").await;
    for round in 0..3 {
        for (process, expected) in [(&one, usize::from(round > 0)), (&other, 1)] {
            let before = asked(&server);
            let requests = (0..20).map(|_| call(process, &token));
            let statuses = rocket::futures::future::join_all(requests).await;
            assert!(statuses.iter().all(|status| *status == Status::Ok), "{statuses:?}");
            assert_eq!(asked(&server) - before, expected, "round {round}");
        }
        setup.advance(ACCESS_TTL - 1);
        let before = asked(&server);
        assert_eq!((call(&one, &token).await, asked(&server) - before), (Status::Ok, 0), "round {round}");
        setup.advance(2);
    }
}

#[rocket::async_test]
async fn the_wall_clock_alone_does_not_postpone_the_next_question() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let auth = setup.launch().await;
    let token = issue(&auth, "90d").await;
    setup.clock.advance_monotonic(std::time::Duration::from_secs(ACCESS_TTL + 1));
    assert!(auth.verify::<User>(&token).is_err(), "the wall clock was set back");
    let before = asked(&server);
    auth.authenticate::<User>(&token).await.expect("the session is live");
    assert_eq!(asked(&server) - before, 1);
}

#[rocket::async_test]
async fn a_store_that_does_not_answer_is_a_503() {
    let mut server = RedisServer::start();
    let setup = Setup::redis(&server).with("store_timeout", "300ms");
    let client = client(&setup).await;
    let token = issue(auth(&client), "90d").await;
    server.pause();
    assert_eq!(call(&client, &token).await, Status::Ok, "the store was asked within `access_ttl`");
    setup.advance(ACCESS_TTL + 1);
    assert_eq!(call(&client, &token).await, Status::ServiceUnavailable);
    unavailable(auth(&client).authenticate::<User>(&token).await);
    server.resume();
    assert_eq!(call(&client, &token).await, Status::Ok, "a failed question is asked again");
    server.stop();
    server.restart();
    setup.advance(ACCESS_TTL + 1);
    assert_eq!(call(&client, &token).await, Status::Unauthorized, "the store has lost the session");
}

#[rocket::async_test]
async fn a_revocation_in_one_process_counts_in_all_forever() {
    let server = RedisServer::start();
    for (revocation, at_once) in [("push", true), ("strict", true), ("off", false)] {
        let setup = Setup::redis(&server).with("revocation", revocation);
        let (one, other) = join!(setup.launch(), setup.launch());
        let token = issue(&one, "90d").await;
        let ann = other.authenticate::<User>(&token).await.expect("the token is valid");
        let id = ann.session_id().expect("it has a session");
        assert!(one.revoke_session::<User>("ann", id).await.expect("the store works"));
        if at_once {
            let rejects = async || revoked(other.authenticate::<User>(&token).await);
            let mut rejected = rejects().await;
            for _ in 0..250 {
                if rejected {
                    break;
                }
                rocket::tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                rejected = rejects().await;
            }
            assert!(rejected, "`{revocation}`: the other process hears of it");
        }
        for _ in 0..3 {
            setup.advance(ACCESS_TTL + 1);
            for process in [&one, &other, &setup.launch().await] {
                assert!(revoked(process.authenticate::<User>(&token).await), "`{revocation}`");
            }
        }
    }
}

/// Nothing but the id of the token itself marks it as long-lived: every other token is valid for `access_ttl` at most.
#[rocket::async_test]
async fn no_other_token_outlives_access_ttl() {
    use jwt_auth_tests::Forge;
    use serde_json::json;

    let setup = Setup::memory();
    let auth = setup.launch().await;
    let token = issue(&auth, "90d").await;
    let forge = || Forge::like(&token, jsonwebtoken::Algorithm::HS256);
    let valid = async |token: String| auth.authenticate::<User>(&token).await;
    valid(forge().token()).await.expect("the same claims");
    setup.advance(ACCESS_TTL + 60);
    valid(forge().token()).await.expect("the same claims, later");
    let other = || json!(uuid::Uuid::new_v4());
    for (what, forged) in [
        ("another id", forge().claim("jti", other())),
        ("a generation", forge().claim("gen", json!(0))),
        ("no session", forge().no_claim("sid")),
        ("another session", forge().claim("sid", other())),
    ] {
        match valid(forged.token()).await {
            Err(AuthError::InvalidToken(jwt_auth::InvalidToken::Expired)) => {}
            other => panic!("{what}: {other:?}"),
        }
    }
}

#[rocket::async_test]
async fn a_revoked_token_costs_one_call_of_the_store_per_access_ttl() {
    let server = RedisServer::start();
    for revocation in ["push", "off"] {
        let setup = Setup::redis(&server).with("revocation", revocation);
        let auth = setup.launch().await;
        let token = issue(&auth, "90d").await;
        auth.revoke_subject::<User>("ann").await.expect("the store works");
        // Long after this process has forgotten the revocation.
        setup.advance(2 * ACCESS_TTL);
        for _ in 0..3 {
            let before = asked(&server);
            for _ in 0..20 {
                assert!(revoked(auth.authenticate::<User>(&token).await), "`{revocation}`");
            }
            assert!(revoked(auth.verify::<User>(&token)), "`{revocation}`: the store has said so");
            assert_eq!(asked(&server) - before, 1, "`{revocation}`");
            setup.advance(ACCESS_TTL + 1);
        }
    }
}

#[rocket::async_test]
async fn the_process_that_ends_a_session_rejects_its_token_at_once() {
    for revocation in ["push", "strict", "off"] {
        let setup = Setup::memory().with("revocation", revocation).with("max_sessions", 1);
        let auth = setup.launch().await;
        for how in ["session", "subject", "limit"] {
            let token = issue(&auth, "90d").await;
            let ann = auth.authenticate::<User>(&token).await.expect("the token is valid");
            match how {
                "session" => {
                    let id = ann.session_id().expect("it has a session");
                    assert!(auth.revoke_session::<User>("ann", id).await.expect("the store works"));
                }
                "subject" => assert_eq!(auth.revoke_subject::<User>("ann").await.expect("one ends"), 1),
                _ => drop(issue(&auth, "90d").await),
            }
            assert!(auth.verify::<User>(&token).is_err(), "`{revocation}`, {how}");
            assert!(revoked(auth.authenticate::<User>(&token).await), "`{revocation}`, {how}");
        }
    }
}

#[rocket::async_test]
async fn a_strict_check_counts_for_verify() {
    let setup = Setup::memory().with("revocation", "strict");
    let auth = setup.launch().await;
    let token = issue(&auth, "90d").await;
    setup.advance(2 * ACCESS_TTL);
    assert!(auth.verify::<User>(&token).is_err(), "the store was not asked for a while");
    let ann = auth.authenticate::<User>(&token).await.expect("the session is live");
    auth.verify::<User>(&token).expect("the store was asked a moment ago");
    setup.advance(2 * ACCESS_TTL);
    auth.check_session(&ann).await.expect("the session is live");
    auth.verify::<User>(&token).expect("the store was asked a moment ago");
}

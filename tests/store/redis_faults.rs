//! A Redis that is away, hangs, forgets or refuses: 503, quickly, and nothing is spent.

use std::time::{Duration, Instant};

use jwt_auth::{InvalidGrant, JwtAuth, TokenPair};
use jwt_auth_tests::{Log, RedisServer, Setup, User, refresh, refusal, unavailable, user};

use crate::proxy::Proxy;

/// The `store_timeout` of these tests.
const TIMEOUT: &str = "300ms";
/// Above it, since other tests run at the same time.
const SOON: Duration = Duration::from_millis(1_500);

async fn setup() -> (RedisServer, Setup, JwtAuth, TokenPair) {
    let server = RedisServer::start();
    let setup = Setup::redis(&server).with("store_timeout", TIMEOUT);
    let auth = setup.launch().await;
    let alice = auth.generate_tokens(&user("alice")).await.expect("a login");
    (server, setup, auth, alice)
}

/// Everything that asks the store says that it is away, and says so soon.
async fn assert_away(auth: &JwtAuth, pair: &TokenPair) {
    let id = auth.verify::<User>(&pair.access_token).expect("no store is needed for this").session_id();
    let begin = Instant::now();
    unavailable(refresh(auth, &pair.refresh_token).await);
    assert!(begin.elapsed() < SOON, "a refresh took {:?}", begin.elapsed());
    unavailable(auth.check_refresh_token(&pair.refresh_token).await);
    unavailable(auth.generate_tokens(&user("alice")).await);
    unavailable(auth.sessions("alice").await);
    unavailable(auth.invalidate_refresh_token(&pair.refresh_token).await);
    unavailable(auth.revoke_session("alice", id.expect("it has a session")).await);
    unavailable(auth.revoke_subject("alice").await);
    auth.verify::<User>(&pair.access_token).expect("a logout that failed ended something");
}

#[rocket::async_test]
async fn a_server_that_stopped_costs_nobody_the_session() {
    let (mut server, setup, auth, alice) = setup().await;
    server.run("SAVE");
    server.stop();
    assert_away(&auth, &alice).await;

    server.restart();
    // Longer than the grace: the token was not spent, so it is the current one.
    setup.advance(60);
    refresh(&auth, &alice.refresh_token).await.expect("the first request after the restart");
}

#[rocket::async_test]
async fn a_server_that_lost_its_data_ends_the_sessions() {
    let (mut server, _, auth, alice) = setup().await;
    server.restart();
    assert_eq!(refusal(refresh(&auth, &alice.refresh_token).await), InvalidGrant::Unknown);
    auth.generate_tokens(&user("alice")).await.expect("a login works again");
}

#[rocket::async_test]
async fn a_server_that_hangs_is_waited_for_no_longer_than_the_timeout() {
    let (server, _, auth, alice) = setup().await;
    server.pause();
    let begin = Instant::now();
    unavailable(refresh(&auth, &alice.refresh_token).await);
    let took = begin.elapsed();
    assert!((Duration::from_millis(300)..SOON).contains(&took), "a refresh took {took:?}");

    // What was sent is carried out now, unseen: the same token gets what it was to get.
    server.resume();
    let pair = eventually(|| refresh(&auth, &alice.refresh_token)).await;
    refresh(&auth, &pair.refresh_token).await.expect("the session lives");
}

#[rocket::async_test]
async fn a_logout_that_hung_is_done_by_the_next_try() {
    let (server, _, auth, alice) = setup().await;
    server.pause();
    unavailable(auth.invalidate_refresh_token(&alice.refresh_token).await);
    server.resume();
    eventually(|| auth.invalidate_refresh_token(&alice.refresh_token)).await;
    assert!(auth.verify::<User>(&alice.access_token).is_err(), "an access token outlived the logout");
    assert_eq!(refusal(refresh(&auth, &alice.refresh_token).await), InvalidGrant::Unknown);
}

#[rocket::async_test]
async fn a_logout_everywhere_that_hung_is_done_by_the_next_try() {
    let (server, _, auth, alice) = setup().await;
    server.pause();
    unavailable(auth.revoke_subject("alice").await);
    server.resume();
    eventually(|| auth.revoke_subject("alice")).await;
    assert_eq!(refusal(refresh(&auth, &alice.refresh_token).await), InvalidGrant::Unknown);
    refused_soon(&auth, &alice.access_token).await;
}

#[rocket::async_test]
async fn ending_one_session_that_hung_is_done_by_the_next_try() {
    let (server, _, auth, alice) = setup().await;
    let id = auth.verify::<User>(&alice.access_token).expect("a good token").session_id();
    let id = id.expect("it has a session");
    server.pause();
    unavailable(auth.revoke_session("alice", id).await);
    server.resume();
    eventually(|| auth.revoke_session("alice", id)).await;
    assert_eq!(refusal(refresh(&auth, &alice.refresh_token).await), InvalidGrant::Unknown);
    refused_soon(&auth, &alice.access_token).await;
}

#[rocket::async_test]
async fn a_connection_that_leads_nowhere_is_replaced() {
    let server = RedisServer::start();
    let proxy = Proxy::to(server.port());
    let setup = Setup::redis(&server).with("redis", proxy.url()).with("store_timeout", TIMEOUT);
    let auth = setup.launch().await;
    for _ in 0..3 {
        let alice = auth.generate_tokens(&user("alice")).await.expect("a login");
        proxy.lose_connections();
        unavailable(refresh(&auth, &alice.refresh_token).await);
        refresh(&auth, &alice.refresh_token).await.expect("the next request has a new connection");
    }
}

#[rocket::async_test]
async fn connections_that_are_closed_and_scripts_that_are_forgotten_go_unnoticed() {
    let (server, _, auth, mut pair) = setup().await;
    for fault in ["SCRIPT FLUSH", "CLIENT KILL TYPE normal", "SCRIPT FLUSH", "CLIENT KILL TYPE normal"] {
        server.run(fault);
        pair = refresh(&auth, &pair.refresh_token).await.unwrap_or_else(|error| panic!("{fault}: {error:?}"));
        server.run(fault);
        auth.generate_tokens(&user("bob")).await.unwrap_or_else(|error| panic!("{fault}: {error:?}"));
        server.run(fault);
        assert_eq!(
            auth.sessions("alice").await.unwrap_or_else(|error| panic!("{fault}: {error:?}")).len(),
            1
        );
    }
}

#[rocket::async_test]
async fn something_else_at_our_key_is_no_answer() {
    let (server, _, auth, alice) = setup().await;
    let key = server.session_keys().remove(0);
    let _: () = server.query(redis::cmd("SET").arg(&key).arg("something else"));
    unavailable(refresh(&auth, &alice.refresh_token).await);
    unavailable(auth.check_refresh_token(&alice.refresh_token).await);
    unavailable(auth.generate_tokens(&user("alice")).await);
    unavailable(auth.invalidate_refresh_token(&alice.refresh_token).await);
    let kept: String = server.query(redis::cmd("GET").arg(&key));
    assert_eq!(kept, "something else", "it is not ours to overwrite");
}

#[rocket::async_test]
async fn a_record_that_is_not_one_is_no_answer() {
    let (server, _, auth, alice) = setup().await;
    let id = auth.verify::<User>(&alice.access_token).expect("a good token").session_id();
    let id = id.expect("it has a session");
    for garbage in [&b""[..], b"x", &[0xFF; 55], &[0; 57]] {
        let key = server.session_keys().remove(0);
        let _: i64 = server.query(redis::cmd("HSET").arg(key).arg(id.as_bytes()).arg(garbage));
        unavailable(refresh(&auth, &alice.refresh_token).await);
        unavailable(auth.sessions("alice").await);
    }
    assert!(auth.invalidate_refresh_token(&alice.refresh_token).await.expect("it can be removed"));
}

#[rocket::async_test]
async fn a_master_that_became_a_replica_is_left_for_the_new_one() {
    let (server, setup, auth, alice) = setup().await;
    server.run("REPLICAOF 127.0.0.1 1");
    // It still answers, with data that is old.
    unavailable(refresh(&auth, &alice.refresh_token).await);
    unavailable(auth.invalidate_refresh_token(&alice.refresh_token).await);

    server.run("REPLICAOF NO ONE");
    setup.advance(60);
    refresh(&auth, &alice.refresh_token).await.expect("the token is not spent");
}

/// The first answer within a few tries: what a client does that is told to come back.
async fn eventually<T, E: std::fmt::Debug, F: Future<Output = Result<T, E>>>(ask: impl Fn() -> F) -> T {
    let mut answer = ask().await;
    for _ in 0..3 {
        if answer.is_ok() {
            break;
        }
        answer = ask().await;
    }
    answer.expect("the store answers again")
}

#[rocket::async_test]
async fn a_server_that_may_drop_sessions_is_warned_of() {
    let server = RedisServer::start();
    let log = Log::capture();
    Setup::redis(&server).launch().await;
    assert!(!log.text().contains("maxmemory-policy"), "{}", log.text());
    server.run("CONFIG SET maxmemory-policy allkeys-lru");
    Setup::redis(&server).launch().await;
    assert!(log.text().contains("`maxmemory-policy allkeys-lru`"), "{}", log.text());
}

/// The second try cannot tell what the first one ended: that is heard by the feed.
async fn refused_soon(auth: &JwtAuth, access_token: &str) {
    for _ in 0..100 {
        if auth.verify::<User>(access_token).is_err() {
            return;
        }
        rocket::tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("an access token outlived the logout");
}

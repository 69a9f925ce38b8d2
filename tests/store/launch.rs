//! Warnings at launch about a store that does less than an app may expect.

use jwt_auth::JwtAuth;
use jwt_auth::store::MemoryStore;
use jwt_auth_tests::{Log, RedisServer, Setup, user};
use rocket::{Build, Rocket};

use crate::faulty_store::{Fault, FaultyStore};

fn without_feed() -> FaultyStore {
    FaultyStore::with(Fault::HasNoFeed)
}

/// Launches an app and returns the warnings in the log.
async fn warnings(rocket: Rocket<Build>) -> String {
    let log = Log::capture();
    rocket.ignite().await.expect("the app launches");
    let text = log.text();
    text.lines().filter(|line| line.contains("WARN jwt_auth")).collect::<Vec<_>>().join("\n")
}

#[rocket::async_test]
async fn a_shared_store_without_a_feed_is_logged_as_a_warning() {
    let setup = Setup::memory();
    let warned = warnings(setup.attach(JwtAuth::fairing().store(without_feed()))).await;
    for part in [
        "the app's own store is shared, but has no feed",
        "after a logout in one process",
        "until they expire",
        "`RefreshStore::feed`",
        "`revocation = \"strict\"`",
    ] {
        assert!(warned.contains(part), "`{part}` is not in: {warned}");
    }
}

#[rocket::async_test]
async fn no_warning_is_logged_if_no_feed_is_needed() {
    let setup = Setup::memory();
    let alone = setup.attach(JwtAuth::fairing().store(MemoryStore::new()));
    assert_eq!(warnings(alone).await, "", "no other process uses the store");
    for mode in ["strict", "off"] {
        let setup = setup.clone().with("revocation", mode);
        let warned = warnings(setup.attach(JwtAuth::fairing().store(without_feed()))).await;
        assert_eq!(warned, "", "`revocation = \"{mode}\"` uses no feed");
    }
    let with_feed = setup.attach(JwtAuth::fairing().store(FaultyStore::with(Fault::None)));
    assert_eq!(warnings(with_feed).await, "", "the store has a feed");
}

#[rocket::async_test]
async fn redis_without_an_issuer_is_logged_as_a_warning() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    for (setup, prefix) in [(setup.clone(), "jwt-auth"), (setup.clone().with("prefix", "shop"), "shop")] {
        let warned = warnings(setup.rocket()).await;
        for part in ["`issuer` is not set", &format!("the prefix `{prefix}`"), "its own `issuer` or `prefix`"]
        {
            assert!(warned.contains(part), "`{part}` is not in: {warned}");
        }
        assert_eq!(warned.lines().count(), 1, "{warned}");
    }
}

#[rocket::async_test]
async fn no_warning_is_logged_if_no_issuer_is_needed() {
    let server = RedisServer::start();
    let setup = Setup::redis(&server);
    let with_issuer = setup.clone().with("issuer", "https://shop.example");
    assert_eq!(warnings(with_issuer.rocket()).await, "", "the issuer separates the app from others");
    let elsewhere = setup.attach(JwtAuth::fairing().store(MemoryStore::new()));
    assert_eq!(warnings(elsewhere).await, "", "no sessions are kept in this Redis");
    assert_eq!(warnings(Setup::memory().rocket()).await, "", "sessions are kept in memory");
}

/// A Redis on the same machine may listen on a socket only.
#[cfg(unix)]
#[rocket::async_test]
async fn a_server_can_be_reached_through_its_socket() {
    let socket = std::env::temp_dir().join(format!("jwt-auth-{}.sock", uuid::Uuid::new_v4()));
    let path = socket.display().to_string();
    let server = RedisServer::start_with(&["--unixsocket", &path]);
    let auth = Setup::on(format!("unix://{path}?db=3")).launch().await;
    let pair = auth.generate_tokens(&user("ann")).await.expect("a login");
    auth.check_refresh_token(&pair.refresh_token).await.expect("a live session");
    assert_eq!(server.ask("SELECT 3"), "OK");
    drop(server);
}

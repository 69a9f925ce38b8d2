//! What is in Redis is gone, or is not what this crate put there.

use jwt_auth_tests::{Log, RedisServer, Setup, User};
use rocket::http::Status;

use super::app::App;
use crate::failover::refused_soon;

#[rocket::async_test]
async fn something_else_at_our_key_is_no_answer() {
    let server = RedisServer::start();
    let app = App::on(&server).await;
    let alice = app.login().await.pair();
    let key = server.session_keys().remove(0);
    for (theirs, of_them) in [("SET", "theirs"), ("LPUSH", "theirs"), ("SADD", "theirs")] {
        server.run(&format!("DEL {key}"));
        server.run(&format!("{theirs} {key} {of_them}"));
        let before: Vec<u8> = server.query(redis::cmd("DUMP").arg(&key));
        app.assert_away(&alice).await;
        let after: Vec<u8> = server.query(redis::cmd("DUMP").arg(&key));
        assert_eq!(before, after, "it is not ours to change");
    }
    server.run(&format!("DEL {key}"));
    app.login().await.pair();
}

#[rocket::async_test]
async fn a_record_that_is_not_one_is_no_answer() {
    let server = RedisServer::start();
    let app = App::on(&server).await;
    let alice = app.login().await.pair();
    let id = app.auth().verify::<User>(&alice.access_token).expect("a good token").session_id();
    let id = id.expect("it has a session");
    let key = server.session_keys().remove(0);
    for garbage in [&b""[..], b"x", &[0xFF; 59], &[0; 61]] {
        let _: i64 = server.query(redis::cmd("HSET").arg(&key).arg(id.as_bytes()).arg(garbage));
        app.refresh(&alice).await.assert_away();
        app.sessions(&alice).await.assert_away();
        app.strict(&alice).await.assert_away();
    }
    // It can be done away with, and does not stand in the way of others.
    let other = app.login().await.pair();
    app.refresh(&other).await.pair();
    app.logout(&alice).await.assert(Status::NoContent);
    assert_eq!(app.sessions(&other).await.text(), "1");
}

#[rocket::async_test]
async fn a_flush_ends_the_sessions_and_brings_no_access_token_back() {
    let server = RedisServer::start();
    let (app, other) = (App::on(&server).await, App::on(&server).await);
    let [revoked, alice] = [app.login().await.pair(), app.login().await.pair()];
    app.logout(&revoked).await.assert(Status::NoContent);
    refused_soon(other.auth(), &revoked.access_token).await;

    server.run("FLUSHALL");
    for process in [&app, &other] {
        process.refresh(&alice).await.assert_refused();
        process.me(&alice).await.assert(Status::Ok);
        process.me(&revoked).await.assert(Status::Unauthorized);
    }
    // What is revoked from now on is heard of as ever.
    let next = app.login().await.pair();
    app.logout(&next).await.assert(Status::NoContent);
    refused_soon(other.auth(), &next.access_token).await;
}

/// The limit that SECURITY.md tells of.
#[rocket::async_test]
async fn a_process_that_starts_after_a_flush_knows_of_no_revocation() {
    let server = RedisServer::start();
    let app = App::on(&server).await;
    let revoked = app.login().await.pair();
    app.logout(&revoked).await.assert(Status::NoContent);
    server.run("FLUSHALL");
    let new = App::launch(&app.setup).await;
    new.me(&revoked).await.assert(Status::Ok);
    new.strict(&revoked).await.assert(Status::Unauthorized);
    new.refresh(&revoked).await.assert_refused();
    new.setup.advance(16 * 60);
    new.me(&revoked).await.assert(Status::Unauthorized);
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

//! A Redis that has lost its data, or that contains data from elsewhere.

use jwt_auth_tests::{Log, RedisServer, Setup, User};
use rocket::http::Status;

use super::app::App;
use crate::clients::refused_soon;

#[rocket::async_test]
async fn a_key_of_another_type_is_left_untouched() {
    let server = RedisServer::start();
    let app = App::on(&server).await;
    let alice = app.login().await.pair();
    let key = server.session_keys().remove(0);
    for command in ["SET", "LPUSH", "SADD"] {
        server.run(&format!("DEL {key}"));
        server.run(&format!("{command} {key} theirs"));
        let before: Vec<u8> = server.query(redis::cmd("DUMP").arg(&key));
        app.assert_unavailable(&alice).await;
        let after: Vec<u8> = server.query(redis::cmd("DUMP").arg(&key));
        assert_eq!(before, after, "foreign data was changed");
    }
    server.run(&format!("DEL {key}"));
    app.login().await.pair();
}

#[rocket::async_test]
async fn a_corrupt_record_does_not_hide_other_sessions() {
    let server = RedisServer::start();
    let app = App::on(&server).await;
    let alice = app.login().await.pair();
    let id = app.auth().verify::<User>(&alice.access_token).expect("a valid token").session_id();
    let id = id.expect("the token has a session");
    let key = server.session_keys().remove(0);
    let other = app.login().await.pair();
    let log = Log::capture();
    for garbage in [&b""[..], b"x", &[0xFF; 60], &[0; 62]] {
        let _: i64 = server.query(redis::cmd("HSET").arg(&key).arg(id.as_bytes()).arg(garbage));
        app.refresh(&alice).await.assert_unavailable();
        assert_eq!(app.sessions(&alice).await.text(), "1");
        app.strict(&alice).await.assert(Status::Unauthorized);
        app.strict(&other).await.assert(Status::Ok);
    }
    assert!(log.text().contains(&format!("session {id} cannot be read")), "{}", log.text());
    // The corrupt record can be removed.
    app.refresh(&other).await.pair();
    app.logout(&alice).await.assert(Status::NoContent);
    assert_eq!(app.sessions(&other).await.text(), "1");
}

#[rocket::async_test]
async fn a_corrupt_revision_revives_no_token() {
    let server = RedisServer::start();
    let (app, other) = (App::on(&server).await, App::on(&server).await);
    for garbage in [&b""[..], b"x", b"-1", b"nan", b"0x", &[0xFF; 8], &[b'9'; 400]] {
        let what = String::from_utf8_lossy(garbage);
        eprintln!("the revision is {what:?}");
        let alice = app.login().await.pair();
        let key = server.session_keys().remove(0);
        let _: i64 = server.query(redis::cmd("HSET").arg(&key).arg("r").arg(garbage));
        app.me(&alice).await.assert(Status::Ok);
        app.strict(&alice).await.assert(Status::Ok);
        app.sessions(&alice).await.text();
        app.refresh(&alice).await.pair();
        app.logout_all(&alice).await.assert(Status::NoContent);
        for process in [&app, &other] {
            refused_soon(process.auth(), &alice.access_token).await;
        }
        app.refresh(&alice).await.assert_refused();
        let next = app.login().await.pair();
        for process in [&app, &other] {
            assert!(process.auth().verify::<User>(&next.access_token).is_ok(), "issued after {what:?}");
        }
    }
}

#[rocket::async_test]
async fn a_flush_ends_sessions_and_revives_no_access_token() {
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
    // Later revocations still arrive.
    let next = app.login().await.pair();
    app.logout(&next).await.assert(Status::NoContent);
    refused_soon(other.auth(), &next.access_token).await;
}

/// A limitation that SECURITY.md describes.
#[rocket::async_test]
async fn a_process_started_after_a_flush_does_not_know_earlier_revocations() {
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
async fn a_server_that_may_evict_sessions_is_logged_as_a_warning() {
    let server = RedisServer::start();
    let log = Log::capture();
    Setup::redis(&server).launch().await;
    assert!(!log.text().contains("maxmemory-policy"), "{}", log.text());
    server.run("CONFIG SET maxmemory-policy allkeys-lru");
    Setup::redis(&server).launch().await;
    assert!(log.text().contains("`maxmemory-policy allkeys-lru`"), "{}", log.text());
}

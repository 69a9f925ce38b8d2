//! A Redis that responds but rejects writes.

use jwt_auth_tests::{RedisServer, Setup, User, unavailable, user};
use rocket::http::Status;

use super::app::{App, Logout};
use crate::clients::{refused_soon, soon};

const FULL: &str = "CONFIG SET maxmemory 1";
const ROOMY: &str = "CONFIG SET maxmemory 0";

#[rocket::async_test]
async fn a_full_server_rejects_only_logins() {
    let server = RedisServer::start();
    let (app, other) = (App::on(&server).await, App::on(&server).await);
    let mut sessions = Vec::new();
    for _ in 0..4 {
        sessions.push(app.login().await.pair());
    }
    let [one, two, three, four] = &sessions[..] else { panic!("expected four sessions") };

    server.run(FULL);
    app.login().await.assert_unavailable();
    let next = app.refresh(one).await.pair();
    app.strict(&next).await.assert(Status::Ok);
    assert_eq!(app.sessions(&next).await.text(), "4");

    app.logout(two).await.assert(Status::NoContent);
    app.end_session(three).await.assert(Status::NoContent);
    let program = app.auth().create_access_token(&user("alice")).await.expect("a token");
    let ended = app.auth().verify::<User>(&program).expect("a valid token");
    app.auth().revoke_access_token(&ended).await.expect("a revocation");
    refused_soon(other.auth(), &program).await;
    app.setup.advance(60);
    app.refresh(&next).await.pair();
    app.refresh(one).await.assert_refused();
    for ended in [one, two, three] {
        refused_soon(other.auth(), &ended.access_token).await;
        other.refresh(ended).await.assert_refused();
    }
    other.logout_all(four).await.assert(Status::NoContent);
    refused_soon(app.auth(), &four.access_token).await;
    app.refresh(four).await.assert_refused();

    server.run(ROOMY);
    app.login().await.pair();
}

#[rocket::async_test]
async fn a_login_that_a_full_server_rejects_ends_no_other_session() {
    let server = RedisServer::start();
    let app = App::launch(&Setup::redis(&server).with("max_sessions", 1)).await;
    let alice = app.login().await.pair();
    server.run(FULL);
    app.login().await.assert_unavailable();
    app.strict(&alice).await.assert(Status::Ok);
    server.run(ROOMY);
    app.login().await.pair();
    app.refresh(&alice).await.assert_refused();
}

#[rocket::async_test]
async fn an_app_launches_on_a_full_server() {
    let server = RedisServer::start();
    let alice = App::on(&server).await.login().await.pair();
    server.run(FULL);
    let app = App::on(&server).await;
    app.login().await.assert_unavailable();
    app.refresh(&alice).await.pair();
}

#[rocket::async_test]
async fn a_full_server_with_replicas_accepts_logouts() {
    let server = RedisServer::start_with(&["--repl-diskless-sync-delay", "0"]);
    let replica = RedisServer::start();
    replica.run(&format!("REPLICAOF 127.0.0.1 {}", server.port()));
    soon("the replica acknowledges", async || {
        server.run("SET something to-acknowledge");
        let replication = server.ask("INFO replication");
        replication.contains("state=online") && !replication.contains("offset=0,")
    })
    .await;
    let app = App::launch(&Setup::redis(&server).with("wait_replicas", 1)).await;
    for logout in Logout::ALL {
        server.run(ROOMY);
        let alice = app.login().await.pair();
        server.run(FULL);
        logout.of(&app, &alice).await.assert(Status::NoContent);
        app.refresh(&alice).await.assert_refused();
    }
}

#[rocket::async_test]
async fn a_master_without_enough_replicas_rejects_all_writes() {
    let server = RedisServer::start();
    let app = App::on(&server).await;
    let alice = app.login().await.pair();
    server.run("CONFIG SET min-replicas-to-write 1");
    app.assert_unwritable(&alice).await;
    assert_eq!(app.sessions(&alice).await.text(), "1");
    app.strict(&alice).await.assert(Status::Ok);

    server.run("CONFIG SET min-replicas-to-write 0");
    app.setup.advance(60);
    app.refresh(&alice).await.pair();
}

#[rocket::async_test]
async fn connections_to_a_demoted_master_are_closed() {
    let server = RedisServer::start();
    let app = App::on(&server).await;
    let alice = app.login().await.pair();
    server.run("REPLICAOF 127.0.0.1 1");
    // The replica still responds, but with outdated data.
    app.assert_unwritable(&alice).await;

    server.run("REPLICAOF NO ONE");
    app.setup.advance(60);
    app.refresh(&alice).await.pair();
}

#[rocket::async_test]
async fn connections_for_logouts_to_a_demoted_master_are_closed() {
    let server = RedisServer::start();
    let auth = Setup::redis(&server).with("wait_replicas", 1).launch().await;
    let [alice, bob] = [auth.generate_tokens(&user("alice")).await, auth.generate_tokens(&user("bob")).await];
    server.run("REPLICAOF 127.0.0.1 1");
    unavailable(auth.invalidate_refresh_token(&alice.expect("a login").refresh_token).await);
    server.run("REPLICAOF NO ONE");

    let replica = RedisServer::start_with(&[
        "--replicaof",
        "127.0.0.1",
        &server.port().to_string(),
        "--repl-diskless-sync-delay",
        "0",
    ]);
    replica.wait_until_in_sync();
    assert!(
        auth.invalidate_refresh_token(&bob.expect("a login").refresh_token)
            .await
            .expect("a replica confirms")
    );
}

//! Broken connections and flushed scripts.

use std::thread::sleep;
use std::time::Duration;

use jwt_auth_tests::{RedisServer, Setup};
use rocket::http::Status;
use rocket::tokio::task::spawn_blocking;

use super::app::{App, Logout};
use crate::clients::{Clients, refused_soon};
use crate::proxy::Proxy;

#[rocket::async_test]
async fn a_dead_connection_is_replaced() {
    let server = RedisServer::start();
    let proxy = Proxy::to(server.port());
    let app = App::launch(&Setup::on(proxy.url())).await;
    for _ in 0..3 {
        let alice = app.login().await.pair();
        proxy.lose_connections();
        app.refresh(&alice).await.assert_unavailable();
        app.refresh(&alice).await.pair();
    }
}

#[rocket::async_test]
async fn a_request_whose_response_was_lost_can_be_retried() {
    let server = RedisServer::start();
    let proxy = Proxy::to(server.port());
    let app = App::launch(&Setup::on(proxy.url())).await;
    // From here on, Redis has all scripts.
    for logout in Logout::ALL {
        let alice = app.login().await.pair();
        logout.of(&app, &app.refresh(&alice).await.pair()).await.assert(Status::NoContent);
    }
    let [one, other, third] = [app.login().await.pair(), app.login().await.pair(), app.login().await.pair()];

    proxy.lose_responses();
    app.login().await.assert_unavailable();
    assert_eq!(app.sessions(&one).await.text(), "4", "the session exists, but no client has its tokens");

    proxy.lose_responses();
    app.refresh(&one).await.assert_unavailable();
    let next = app.refresh(&one).await.pair();
    app.setup.advance(60);
    let next = app.refresh(&next).await.pair();

    proxy.lose_responses();
    app.logout(&next).await.assert_unavailable();
    app.logout(&next).await.assert(Status::NoContent);
    app.me(&next).await.assert(Status::Unauthorized);
    app.refresh(&next).await.assert_refused();

    proxy.lose_responses();
    app.end_session(&other).await.assert_unavailable();
    refused_soon(app.auth(), &other.access_token).await;
    app.refresh(&other).await.assert_refused();

    proxy.lose_responses();
    app.logout_all(&third).await.assert_unavailable();
    refused_soon(app.auth(), &third.access_token).await;
    app.refresh(&third).await.assert_refused();
}

#[rocket::async_test]
async fn clients_do_not_notice_closed_connections_or_flushed_scripts() {
    let server = RedisServer::start();
    let app = App::on(&server).await;
    let mut alice = app.login().await.pair();
    for fault in ["SCRIPT FLUSH", "CLIENT KILL TYPE normal", "SCRIPT FLUSH", "CLIENT KILL TYPE normal"] {
        let other = app.login().await.pair();
        server.run(fault);
        alice = app.refresh(&alice).await.pair();
        server.run(fault);
        assert_eq!(app.sessions(&alice).await.text(), "2", "{fault}");
        server.run(fault);
        app.logout(&other).await.assert(Status::NoContent);
        server.run(fault);
        app.strict(&alice).await.assert(Status::Ok);
    }
}

#[rocket::async_test]
async fn flushing_scripts_during_refreshes_ends_no_session() {
    during_refreshes("SCRIPT FLUSH").await;
}

#[rocket::async_test]
async fn closing_connections_during_refreshes_ends_no_session() {
    during_refreshes("CLIENT KILL TYPE normal").await;
}

async fn during_refreshes(fault: &'static str) {
    let server = RedisServer::start();
    let app = App::on(&server).await;
    let clients = Clients::start(app.auth(), (0..8).map(|user| user.to_string())).await;
    clients.until_all_refreshed_again().await;
    let faults = spawn_blocking(move || {
        for _ in 0..200 {
            server.run(fault);
            sleep(Duration::from_millis(5));
        }
        server
    });
    let _server = faults.await.expect("the server executes commands");
    clients.until_all_refreshed_again().await;
    let seen = clients.stop().await;
    assert_eq!(seen.refused, 0, "{seen:?}");
    assert!(seen.refreshed > seen.unavailable, "most refreshes succeeded: {seen:?}");
}

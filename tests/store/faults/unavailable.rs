//! A Redis that stops, hangs or cannot be reached.

use std::time::Duration;

use jwt_auth_tests::{RedisServer, Setup};

use super::app::{App, Logout, eventually};
use crate::clients::{Clients, refused_soon};
use crate::proxy::Proxy;

#[rocket::async_test]
async fn a_stopped_server_ends_no_session() {
    let mut server = RedisServer::start();
    let app = App::on(&server).await;
    let alice = app.login().await.pair();
    server.run("SAVE");
    server.stop();
    app.assert_unavailable(&alice).await;

    server.restart();
    // Longer than the grace period. The token was not used up, so it is still the current one.
    app.setup.advance(60);
    app.refresh(&alice).await.pair();
}

#[rocket::async_test]
async fn a_server_that_lost_its_data_ends_the_sessions() {
    let mut server = RedisServer::start();
    let app = App::on(&server).await;
    let alice = app.login().await.pair();
    server.restart();
    app.refresh(&alice).await.assert_refused();
    app.login().await.pair();
}

#[rocket::async_test]
async fn a_server_that_stops_during_refreshes_ends_no_session() {
    let mut server = RedisServer::start();
    let app = App::on(&server).await;
    let clients = Clients::start(app.auth(), (0..8).map(|user| user.to_string())).await;
    server.run("SAVE");
    for _ in 0..3 {
        clients.until_all_refreshed_again().await;
        server.stop();
        clients.for_a_while(Duration::from_millis(100)).await;
        server.restart();
    }
    clients.until_all_refreshed_again().await;
    let seen = clients.stop().await;
    assert!(seen.refused == 0 && seen.unavailable > 0, "{seen:?}");
}

#[rocket::async_test]
async fn a_server_that_stops_during_a_request_uses_up_no_token() {
    let mut server = RedisServer::start();
    let app = App::on(&server).await;
    let alice = app.login().await.pair();
    server.run("SAVE");
    server.pause();
    let stopped = async {
        rocket::tokio::time::sleep(Duration::from_millis(100)).await;
        server.stop();
    };
    let (refresh, logout, ()) = rocket::tokio::join!(app.refresh(&alice), app.logout(&alice), stopped);
    refresh.assert_unavailable();
    logout.assert_unavailable();

    server.restart();
    app.setup.advance(60);
    app.refresh(&alice).await.pair();
}

#[rocket::async_test]
async fn requests_to_a_hanging_server_time_out() {
    let server = RedisServer::start();
    let app = App::on(&server).await;
    let alice = app.login().await.pair();
    server.pause();
    let response = app.refresh(&alice).await;
    response.assert_unavailable();
    assert!(response.took >= Duration::from_millis(300), "it took {:?}", response.took);

    // The server now executes the pending request. A retry gets the same successor.
    server.resume();
    let alice = eventually(async || app.refresh(&alice).await).await.pair();
    app.refresh(&alice).await.pair();
}

#[rocket::async_test]
async fn a_retry_completes_a_logout_that_timed_out() {
    let server = RedisServer::start();
    let app = App::on(&server).await;
    for kind in Logout::ALL {
        let alice = app.login().await.pair();
        server.pause();
        kind.of(&app, &alice).await.assert_unavailable();
        server.resume();
        eventually(async || kind.of(&app, &alice).await).await;
        // The second attempt does not know which sessions the first one ended. Only the feed does.
        refused_soon(app.auth(), &alice.access_token).await;
        app.refresh(&alice).await.assert_refused();
    }
}

#[rocket::async_test]
async fn a_server_that_accepts_connections_but_never_responds_ends_no_session() {
    let server = RedisServer::start();
    let proxy = Proxy::to(server.port());
    let app = App::launch(&Setup::on(proxy.url())).await;
    let alice = app.login().await.pair();
    proxy.lose_everything();
    app.assert_unavailable(&alice).await;

    proxy.lose_connections();
    app.setup.advance(60);
    app.refresh(&alice).await.pair();
}

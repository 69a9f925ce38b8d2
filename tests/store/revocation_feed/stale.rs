//! Processes that have not heard from Redis for a while: `when_stale` and `stale_after`.

use std::time::Duration;

use jwt_auth_tests::{RedisServer, Setup, User, soon, unavailable, user};

use super::{refused_soon, token_id};
use crate::proxy::Proxy;

#[rocket::async_test]
async fn when_stale_requires_a_revocation_feed() {
    let off = Setup::memory().with("when_stale", "refuse").with("revocation", "off");
    let error = off.rocket().ignite().await.expect_err("there is no feed");
    assert!(matches!(error.kind(), rocket::error::ErrorKind::FailedFairings(_)), "{error}");
}

#[rocket::async_test]
async fn a_disconnected_process_catches_up() {
    let server = RedisServer::start();
    let proxy = Proxy::to(server.port());
    let setup = Setup::redis(&server);
    let one = setup.launch().await;
    let other = setup.clone().with("redis", proxy.url()).with("store_timeout", "300ms").launch().await;

    for cut in ["lost", "killed", "unsubscribed"] {
        let sessions = [one.generate_tokens(&user("a")).await, one.generate_tokens(&user("b")).await];
        let program = one.create_access_token(&user("c")).await.expect("a token");
        match cut {
            "lost" => proxy.lose_connections(),
            "killed" => server.run("CLIENT KILL TYPE normal"),
            _ => server.run("CLIENT KILL TYPE pubsub"),
        }
        for session in sessions {
            let session = session.expect("a login");
            // The connection of this process was killed, too, so one 503 is possible.
            if one.invalidate_refresh_token(&session.refresh_token).await.is_err() {
                one.invalidate_refresh_token(&session.refresh_token).await.expect("a logout");
            }
            refused_soon(&other, &session.access_token).await;
        }
        one.revoke_access_token(token_id(&program)).await.expect("a revocation");
        refused_soon(&other, &program).await;
    }
}

#[rocket::async_test]
async fn an_access_token_can_be_revoked_once_the_server_is_back() {
    let mut server = RedisServer::start();
    let setup = Setup::redis(&server).with("store_timeout", "300ms");
    let (one, other) = (setup.launch().await, setup.launch().await);
    let program = one.create_access_token(&user("alice")).await.expect("a token");
    server.stop();
    unavailable(one.revoke_access_token(token_id(&program)).await);
    one.verify::<User>(&program).expect("the revocation was not recorded");
    server.restart();
    let ends = async || one.revoke_access_token(token_id(&program)).await.is_ok();
    crate::clients::soon("the access token is revoked", ends).await;
    refused_soon(&other, &program).await;
}

#[rocket::async_test]
async fn stale_after_limits_how_long_a_process_works_without_the_feed() {
    let mut server = RedisServer::start();
    let setup = Setup::redis(&server);
    let careful = setup.clone().with("when_stale", "refuse").with("stale_after", "10s").launch().await;
    let carefree = setup.launch().await;
    let alice = carefree.generate_tokens(&user("alice")).await.expect("a login");
    server.stop();

    careful.verify::<User>(&alice.access_token).expect("the feed was read recently");
    // A read that was in progress when the server stopped may still succeed.
    rocket::tokio::time::sleep(Duration::from_millis(300)).await;
    setup.advance(11);
    unavailable(careful.verify::<User>(&alice.access_token));
    carefree.verify::<User>(&alice.access_token).expect("the default is to keep accepting tokens");

    server.restart();
    soon("the feed is read again", || careful.verify::<User>(&alice.access_token).is_ok()).await;
}

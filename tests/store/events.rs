//! Events that observers receive while Redis is unavailable, and the health of the app.

use std::cell::RefCell;
use std::time::Duration;

use jwt_auth::{Condition, JwtAuth};
use jwt_auth_tests::{Events, RedisServer, Setup, soon, unavailable, user};
use rocket::tokio::time::sleep;

#[rocket::async_test]
async fn an_outage_of_redis_is_reported_when_it_begins_and_when_it_ends() {
    let mut server = RedisServer::start();
    let setup = Setup::redis(&server).with("store_timeout", "300ms").with("stale_after", "5s");
    let setup = setup.with("when_stale", "refuse");
    let events = Events::default();
    let rocket = setup.attach(setup.fairing().observe(events.observer())).ignite().await;
    let rocket = rocket.expect("the app launches");
    let auth: &JwtAuth = rocket.state().expect("the fairing is attached");
    let health = auth.health().await;
    assert_eq!((health.keys, health.store, health.feed), (Condition::Ok, Condition::Ok, Condition::Ok));
    assert!(health.is_healthy());
    events.take();

    server.stop();
    for _ in 0..20 {
        unavailable(auth.generate_tokens(&user("ann")).await);
    }
    let told = RefCell::new(Vec::new());
    soon("the feed is interrupted", || {
        told.borrow_mut().extend(events.names());
        told.borrow().iter().any(|name| name.starts_with("feed_interrupted"))
    })
    .await;
    let told = told.into_inner();
    let outages = told.iter().filter(|name| name.starts_with("store_unavailable")).count();
    assert_eq!(outages, 1, "{told:?}");
    let is_noticed = async || auth.health().await.store == Condition::Unavailable;
    crate::clients::soon("the health check notices the outage", is_noticed).await;

    setup.advance(6);
    let is_told = |expected: &'static str| {
        let events = events.clone();
        move || events.names().iter().any(|name| name == expected)
    };
    soon("the feed is stale", is_told("feed_stale")).await;
    let health = auth.health().await;
    assert_eq!((health.feed, health.is_healthy()), (Condition::Stale, false));

    server.restart();
    let restored = is_told("feed_restored");
    soon("the feed is read again", restored).await;
    sleep(Duration::from_millis(1_100)).await;
    auth.generate_tokens(&user("ann")).await.expect("a login");
    assert_eq!(events.names(), ["store_available", "signed_in"]);
    assert!(auth.health().await.is_healthy());
}

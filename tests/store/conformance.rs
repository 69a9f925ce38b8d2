//! Both stores pass the conformance suite, and the memory store does not grow without bound.

use std::time::Duration;

use jwt_auth::Device;
use jwt_auth::clock::Timestamp;
use jwt_auth::store::{
    Context, Family, MemoryStore, Owner, RedisOptions, RedisStore, RefreshStore, Revision, conformance,
};
use jwt_auth_tests::RedisServer;

#[rocket::async_test]
async fn memory_conforms() {
    conformance::check(MemoryStore::new()).await;
}

#[rocket::async_test]
async fn redis_conforms() {
    let server = RedisServer::start();
    let mut options = RedisOptions::default();
    options.timeout = Duration::from_secs(10);
    let store = RedisStore::connect(&server.url(), options).await;
    conformance::check(store.expect("the server responds")).await;
}

#[rocket::async_test]
async fn memory_drops_expired_sessions_of_inactive_users() {
    let store = MemoryStore::new();
    for user in 0..1_000 {
        let owner = Owner::new(None, None, &user.to_string());
        store.insert(&owner, &ends_at(100), 100, &context(0)).await.expect("memory works");
    }
    assert_eq!(store.len(), 1_000);

    let another = Owner::new(None, None, "another user");
    store.insert(&another, &ends_at(300), 100, &context(200)).await.expect("memory works");
    assert_eq!(store.len(), 1, "the login did not drop all expired sessions");
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_secs(seconds)
}

fn ends_at(seconds: u64) -> Family {
    Family::begin(at(0), Duration::from_secs(seconds), Duration::from_secs(seconds), Device::default())
}

fn context(now: u64) -> Context {
    Context::new(at(now), Revision::default(), Duration::from_secs(1_000))
}

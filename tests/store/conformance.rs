//! Both stores pass the conformance suite, and the memory store does not grow without bound.

use std::time::Duration;

use jwt_auth::Device;
use jwt_auth::clock::Timestamp;
use jwt_auth::store::{Family, MemoryStore, RedisOptions, RedisStore, RefreshStore, conformance};
use jwt_auth_tests::RedisServer;
use uuid::Uuid;

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
    conformance::check(store.expect("the server answers")).await;
}

#[rocket::async_test]
async fn memory_drops_expired_sessions_of_inactive_users() {
    let store = MemoryStore::new();
    for user in 0..1_000 {
        store.insert(&user.to_string(), &ends_at(100), at(0), 100).await.expect("memory works");
    }
    assert_eq!(store.len(), 1_000);

    store.insert("another user", &ends_at(300), at(200), 100).await.expect("memory works");
    assert_eq!(store.len(), 1, "one login drops all expired sessions");
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_secs(seconds)
}

fn ends_at(seconds: u64) -> Family {
    Family {
        sid: Uuid::new_v4(),
        current: Uuid::new_v4(),
        generation: 0,
        previous: None,
        created_at: at(0),
        idle_end: at(seconds),
        absolute_end: at(seconds),
        device: Device::default(),
    }
}

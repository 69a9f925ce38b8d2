//! Both stores are what a store is asked to be, and memory does not fill up.

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
async fn memory_drops_the_ended_sessions_of_users_who_do_not_come_back() {
    let store = MemoryStore::new();
    for user in 0..1_000 {
        store.insert(&user.to_string(), &ends_at(100), at(0), 100).await.expect("memory works");
    }
    assert_eq!(store.len(), 1_000);

    store.insert("somebody", &ends_at(300), at(200), 100).await.expect("memory works");
    assert_eq!(store.len(), 1, "one login drops all that has ended");
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

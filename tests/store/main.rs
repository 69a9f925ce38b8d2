//! Sessions: the guarantees of every store, and failures that only Redis has.
#![allow(missing_docs)]

/// Turns each function into two tests, one on the memory store and one on its own Redis.
macro_rules! on_every_store {
    ($($test:ident),* $(,)?) => {
        mod memory {
            $(#[test]
            fn $test() {
                rocket::async_test(super::$test(jwt_auth_tests::Setup::memory()));
            })*
        }

        mod redis {
            $(#[test]
            fn $test() {
                let server = jwt_auth_tests::RedisServer::start();
                rocket::async_test(super::$test(jwt_auth_tests::Setup::redis(&server)));
            })*
        }
    };
}

mod clients;
mod cluster;
mod conformance;
mod conformance_faults;
mod elevation;
mod elevation_in_redis;
mod events;
mod expiry;
mod failover_loss;
mod faults;
mod faulty_store;
mod identity;
mod launch;
mod lifetimes;
mod loader;
mod log_lines;
mod logout;
mod long_lived;
mod long_lived_checks;
mod lossy_store;
mod overload;
mod permissions;
mod proxy;
mod race;
mod random;
mod redis_keys;
mod replicas;
mod retries;
mod reuse;
mod revocation_feed;
mod sentinel;
mod slot_migration;
mod streams;
mod subjects;
mod throttle;

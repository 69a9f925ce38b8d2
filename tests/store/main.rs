//! Sessions: their guarantees on every store, and the failures that Redis adds.
#![allow(missing_docs)]

/// Turns each function into one test on the memory store and one on a Redis of its own.
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
mod expiry;
mod failover_loss;
mod faults;
mod faulty_store;
mod identity;
mod launch;
mod loader;
mod logout;
mod lossy_store;
mod overload;
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
mod subjects;

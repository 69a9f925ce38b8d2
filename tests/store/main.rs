//! Sessions: what they promise on every store, and what Redis adds to go wrong.
#![allow(missing_docs)]

/// Makes of each function a test on memory and a test on a Redis of its own.
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

mod cluster;
mod conformance;
mod ends;
mod failover;
mod faults;
mod loader;
mod logout;
mod lossy;
mod lost_answers;
mod lost_writes;
mod overload;
mod proxy;
mod push;
mod race;
mod random;
mod redis_keys;
mod reuse;
mod sentinel;
mod subjects;

//! Support code for the tests: a real Redis, a browser, apps whose clock is set by hand, keys, forged tokens and
//! captured log output.

mod app;
mod browser;
mod events;
mod files;
mod forge;
mod keys;
mod log;
#[cfg(doctest)]
mod macro_docs;
mod redis_cluster;
mod redis_sentinels;
pub mod measure;
mod openapi;
mod python;
mod redis_server;
mod user;
mod wait;

pub use app::{Setup, access_token, arrive, payload, refresh, refusal, unavailable};
pub use browser::{Visit, visit};
pub use events::Events;
pub use files::files_in;
pub use forge::{Forge, wrong_audience};
pub use keys::{ALGORITHMS, TestKey, jwk, pem};
pub use log::Log;
pub use openapi::assert_is_openapi;
pub use python::python;
pub use redis_cluster::{Migration, RedisCluster};
pub use redis_sentinels::RedisSentinels;
pub use redis_server::{RedisServer, free_port};
pub use user::{User, user};
pub use wait::{revoked, soon, within};

//! Support code for the fuzz targets. Each target is a property that must hold for any bytes. libFuzzer searches for
//! bytes that break it.

mod app;
#[path = "../../support/keys.rs"]
mod keys;
#[path = "../../support/log.rs"]
mod log;
mod members;
mod mutate;
mod peer;
mod plain;
mod signer;
#[path = "../../support/user.rs"]
mod user;

pub use app::{AUDIENCE, LEEWAY, NOW, THEM, TTL, US, app, block_on, clock, launch, settings};
pub use keys::{ALGORITHMS, TestKey, jwk, pem};
pub use log::Log;
pub use members::Members;
pub use mutate::mutate;
pub use peer::Peer;
pub use plain::Plain;
pub use signer::Signer;
pub use user::{User, user};

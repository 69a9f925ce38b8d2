//! What the fuzz targets share. A target is a property that holds for whatever bytes it is given; what looks for
//! bytes for which it does not is libFuzzer.

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

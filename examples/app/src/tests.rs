//! The behavior of the app, with its sessions in memory and in Redis.

mod access;
mod client;
mod errors;
mod jwks;
mod login;
mod operations;
mod redis_failures;
mod redis_server;
mod refresh;
mod sessions;

use std::thread::sleep;
use std::time::Duration;

const ADMIN: (&str, &str) = ("admin", "correct horse battery staple");
const DEMO: (&str, &str) = ("demo", "hunter2hunter2");

/// Waits up to five seconds until a condition holds.
fn soon(holds: impl Fn() -> bool) -> bool {
    (0..500).any(|_| {
        sleep(Duration::from_millis(10));
        holds()
    })
}

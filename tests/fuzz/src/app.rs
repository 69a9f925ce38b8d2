//! Apps that are launched once, with a clock that does not move.

use std::sync::LazyLock;

use jsonwebtoken::Algorithm;
use jwt_auth::JwtAuth;
use jwt_auth::clock::{ManualClock, Timestamp};
use rocket::config::LogLevel;
use rocket::figment::Figment;
use rocket::serde::json::json;
use rocket::tokio::runtime::{Builder, Runtime};
use rocket::{Build, Config, Rocket};

use crate::TestKey;

/// The time of every app, in seconds since 1970. It is in 2065, so that tokens in the seeds never expire.
pub const NOW: u64 = 3_000_000_000;
/// The defaults of `leeway` and `access_ttl`, in seconds.
pub const LEEWAY: u64 = 10;
pub const TTL: u64 = 15 * 60;
/// The issuer of the app, and a trusted issuer.
pub const US: &str = "us";
pub const THEM: &str = "them";
pub const AUDIENCE: &str = "api";

/// Returns a clock that shows [`NOW`].
pub fn clock() -> ManualClock {
    ManualClock::at(Timestamp::from_secs(NOW))
}

/// Settings for an app with the test key of this algorithm. Logging is off, because it would take most of the time.
pub fn settings(algorithm: Algorithm) -> Figment {
    let config = Config { log_level: LogLevel::Off, ..Config::debug_default() };
    let key = TestKey::of(algorithm);
    Figment::from(config).merge((
        "jwt_auth",
        json!({
            "algorithm": format!("{algorithm:?}"),
            key.setting: key.private,
            "issuer": US,
            "audience": AUDIENCE,
            // A busy machine must not look like an unavailable store.
            "store_timeout": "1m",
        }),
    ))
}

/// Returns the app, for routes to be mounted on.
pub fn app(settings: &Figment, clock: &ManualClock) -> Rocket<Build> {
    rocket::custom(settings).attach(JwtAuth::fairing().clock(clock.clone()))
}

/// Ignites an app whose time is [`NOW`] and returns its `JwtAuth`.
pub fn launch(settings: &Figment) -> JwtAuth {
    let app = block_on(app(settings, &clock()).ignite()).expect("the app launches");
    app.state::<JwtAuth>().expect("the fairing is attached").clone()
}

/// Runs a future on a single thread, so that the same bytes always take the same path.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    static RUNTIME: LazyLock<Runtime> =
        LazyLock::new(|| Builder::new_current_thread().enable_all().build().expect("a runtime starts"));
    RUNTIME.block_on(future)
}

//! Apps for tests, and common requests to them.

use std::thread;
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use jwt_auth::clock::{ManualClock, Timestamp};
use jwt_auth::store::MemoryStore;
use jwt_auth::{AuthError, Claims, Fairing, InvalidGrant, JwtAuth, TokenPair};
use rocket::figment::Figment;
use rocket::tokio::runtime::Builder;
use rocket::{Build, Config, Rocket};
use serde::Serialize;
use serde_json::Value;

use crate::{Log, RedisServer, TestKey};

/// The settings and the clock of an app. Several apps launched from one `Setup` act like processes behind one load
/// balancer.
#[derive(Clone)]
pub struct Setup {
    figment: Figment,
    on_redis: bool,
    /// Starts at a whole second close to the system time, because Redis expires keys by its own clock.
    pub clock: ManualClock,
}

impl Setup {
    /// An app with a secret that keeps its sessions in memory.
    pub fn memory() -> Self {
        // A busy machine must not look like an unavailable store.
        Self::bare(Config::debug_default()).key(Algorithm::HS256).with("store_timeout", "10s")
    }

    /// An app with only this Rocket configuration and its profile.
    pub fn bare(config: Config) -> Self {
        let now = Timestamp::from(SystemTime::now());
        Self {
            figment: Figment::from(&config).select(config.profile.clone()),
            on_redis: false,
            clock: ManualClock::at(Timestamp::from_secs(now.as_secs())),
        }
    }

    /// An app that keeps its sessions in this Redis.
    pub fn redis(server: &RedisServer) -> Self {
        Self::on(server.url())
    }

    /// An app with this value of the setting `redis`.
    pub fn on(redis: impl Serialize) -> Self {
        Self { on_redis: true, ..Self::memory() }.with("redis", redis)
    }

    /// Returns the configuration.
    pub fn figment(&self) -> &Figment {
        &self.figment
    }

    /// Changes a setting.
    pub fn with(mut self, key: &str, value: impl Serialize) -> Self {
        self.figment = self.figment.merge((format!("jwt_auth.{key}"), value));
        self
    }

    /// Sets the algorithm and its test key.
    pub fn key(self, algorithm: Algorithm) -> Self {
        let key = TestKey::of(algorithm);
        self.with("algorithm", format!("{algorithm:?}")).with(key.setting, key.private)
    }

    /// Returns the app, for routes to be mounted on.
    pub fn rocket(&self) -> Rocket<Build> {
        self.attach(self.fairing())
    }

    /// Returns the fairing of the app.
    pub fn fairing(&self) -> Fairing {
        let fairing = JwtAuth::fairing().clock(self.clock.clone());
        if self.on_redis { fairing } else { fairing.store(MemoryStore::new()) }
    }

    /// Returns the app with a fairing that the test has configured.
    pub fn attach(&self, fairing: Fairing) -> Rocket<Build> {
        Log::install();
        rocket::custom(&self.figment).attach(fairing)
    }

    /// Ignites the app and returns its `JwtAuth`.
    pub async fn launch(&self) -> JwtAuth {
        let rocket = self.rocket().ignite().await.expect("the app launches");
        rocket.state::<JwtAuth>().expect("the fairing is attached").clone()
    }

    /// Advances the clock.
    pub fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

/// Creates an access token without a session.
pub fn access_token<C: Claims>(auth: &JwtAuth, claims: &C) -> String {
    // On a separate thread, because the caller's may be inside `block_on`.
    let token = || {
        let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime starts");
        runtime.block_on(auth.create_access_token(claims).into_future()).expect("a key signs")
    };
    thread::scope(|scope| scope.spawn(token).join().expect("a token"))
}

/// Uses the access token of a pair and waits until the store knows that the pair has arrived.
pub async fn arrive<C: Claims>(auth: &JwtAuth, pair: &TokenPair) {
    auth.verify::<C>(&pair.access_token).expect("the token is valid");
    jwt_auth::__private::settled(auth).await;
}

/// Refreshes with a loader that knows every user.
pub async fn refresh(auth: &JwtAuth, token: &str) -> Result<TokenPair, AuthError> {
    auth.refresh(token, async |name: String| Some(crate::user(&name))).await
}

/// Returns the reason why a refresh was rejected.
pub fn refusal<T: std::fmt::Debug>(result: Result<T, AuthError>) -> InvalidGrant {
    match result {
        Err(AuthError::InvalidGrant(reason)) => reason,
        other => panic!("not rejected as an invalid grant: {other:?}"),
    }
}

/// Asserts that a call failed because the store is unavailable.
pub fn unavailable<T: std::fmt::Debug>(result: Result<T, AuthError>) {
    assert!(
        matches!(result, Err(AuthError::TemporarilyUnavailable(_))),
        "expected an unavailable store: {result:?}"
    );
}

/// Reads the payload of a token without verifying it.
pub fn payload(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("a token has three parts");
    let json = URL_SAFE_NO_PAD.decode(payload).expect("a payload is base64url");
    serde_json::from_slice(&json).expect("a payload is JSON")
}

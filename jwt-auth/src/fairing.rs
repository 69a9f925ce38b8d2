//! The fairing: at launch it builds everything from the settings; on the way out it puts the
//! challenge on what was refused.

use std::sync::Arc;

use rocket::fairing::{self, Info, Kind};
use rocket::{Build, Config, Request, Response, Rocket, async_trait};

use crate::clock::{Clock, SystemClock};
use crate::config::{Revocation, Settings, WhenStale};
use crate::error::{Chain, StartupError};
use crate::guard::{challenge, failure};
use crate::jwt_auth::JwtAuth;
use crate::keyring;
use crate::store::{MemoryStore, RefreshStore};
#[cfg(feature = "redis")]
use crate::store::{RedisOptions, RedisStore};

/// Attaches the toolkit to an app. Made by [`JwtAuth::fairing`].
#[must_use = "a fairing does nothing until it is attached: `rocket::build().attach(…)`"]
pub struct Fairing {
    store: Option<Arc<dyn RefreshStore>>,
    clock: Arc<dyn Clock>,
}

impl JwtAuth {
    /// The fairing that reads the settings and makes a `JwtAuth` of them.
    ///
    /// A setting that is wrong stops the launch, with a message that says what to set.
    ///
    /// ```
    /// use jwt_auth::JwtAuth;
    ///
    /// rocket::build().attach(JwtAuth::fairing());
    /// ```
    pub fn fairing() -> Fairing {
        Fairing { store: None, clock: Arc::new(SystemClock) }
    }
}

impl Fairing {
    /// Keeps sessions in this store, whatever the setting `redis` says.
    pub fn store(mut self, store: impl RefreshStore) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// Takes the time from this clock.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    async fn build(&self, rocket: &Rocket<Build>) -> Result<JwtAuth, StartupError> {
        let figment = rocket.figment();
        let mut settings = Settings::read(figment)?;
        let debug = figment.profile() == Config::DEBUG_PROFILE;
        let keyring = keyring::load(&settings, debug)?;
        let (store, place) = match (&self.store, &settings.redis) {
            (Some(store), _) => (Arc::clone(store), "in the store of the app"),
            (None, Some(url)) => (redis(url.expose(), &settings).await?, "in Redis"),
            (None, None) => (memory(debug), "in memory"),
        };
        log::info!("jwt-auth: tokens are signed with {:?}, sessions are kept {place}", settings.algorithm);
        let follow = settings.revocation != Revocation::Off;
        let refuse = settings.when_stale == WhenStale::Refuse;
        let alone = self.store.is_none() && settings.redis.is_none() && follow;
        settings.forget_secrets();
        let auth = JwtAuth::new(settings, keyring, store, Arc::clone(&self.clock));
        let what = "the revocations of other processes could not be read".to_owned();
        let heard =
            follow && auth.follow_feed().await.map_err(|source| StartupError::Store { what, source })?;
        if refuse && !heard && !alone {
            return Err(StartupError::setting(
                "when_stale",
                "is \"refuse\", and there is nothing to hear revocations by: `revocation` is \"off\", or the store has no feed",
                "when_stale = \"continue\"",
            ));
        }
        Ok(auth)
    }
}

#[cfg(feature = "redis")]
async fn redis(url: &str, settings: &Settings) -> Result<Arc<dyn RefreshStore>, StartupError> {
    let options = RedisOptions { prefix: settings.prefix.clone(), timeout: settings.store_timeout };
    Ok(Arc::new(RedisStore::connect(url, options).await?))
}

#[cfg(not(feature = "redis"))]
async fn redis(_: &str, _: &Settings) -> Result<Arc<dyn RefreshStore>, StartupError> {
    Err(StartupError::setting(
        "redis",
        "is set, and the app was built without the feature `redis` of jwt-auth",
        "jwt-auth = { version = \"0.1\", features = [\"redis\"] }",
    ))
}

fn memory(debug: bool) -> Arc<dyn RefreshStore> {
    if !debug {
        log::warn!(
            "jwt-auth: sessions are kept in memory and end with this process; \
             set `redis` in [default.jwt_auth] or REDIS_URL to keep them"
        );
    }
    Arc::new(MemoryStore::new())
}

#[async_trait]
impl fairing::Fairing for Fairing {
    fn info(&self) -> Info {
        Info { name: "jwt-auth", kind: Kind::Ignite | Kind::Response | Kind::Singleton }
    }

    async fn on_ignite(&self, rocket: Rocket<Build>) -> fairing::Result {
        match self.build(&rocket).await {
            Ok(auth) => Ok(rocket.manage(auth)),
            Err(error) => {
                log::error!("jwt-auth: {}", Chain(&error));
                Err(rocket)
            }
        }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        if let Some(error) = failure(request, response.status()) {
            challenge(request, response, &error);
        }
    }
}

//! The fairing: at launch it builds everything from the settings; on the way out it puts the
//! challenge on what was refused.

use std::sync::Arc;

use rocket::fairing::{self, Info, Kind};
use rocket::{Build, Config, Request, Response, Rocket, async_trait};

use crate::clock::{Clock, SystemClock};
use crate::config::Settings;
use crate::error::{Chain, StartupError};
use crate::guard::{challenge, failure};
use crate::jwt_auth::JwtAuth;
use crate::keyring;
#[cfg(feature = "redis")]
use crate::store::RedisStore;
use crate::store::{MemoryStore, RefreshStore};

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
        let settings = Settings::read(figment)?;
        let debug = figment.profile() == Config::DEBUG_PROFILE;
        let keyring = keyring::load(&settings, debug)?;
        let store = match &self.store {
            Some(store) => Arc::clone(store),
            None => store(&settings, debug).await?,
        };
        Ok(JwtAuth::new(settings, keyring, store, Arc::clone(&self.clock)))
    }
}

/// The store that the settings ask for.
async fn store(settings: &Settings, debug: bool) -> Result<Arc<dyn RefreshStore>, StartupError> {
    match &settings.redis {
        #[cfg(feature = "redis")]
        Some(url) => {
            Ok(Arc::new(RedisStore::connect(url.expose(), &settings.prefix, settings.store_timeout).await?))
        }
        #[cfg(not(feature = "redis"))]
        Some(_) => Err(StartupError::setting(
            "redis",
            "is set, and the app was built without the feature `redis` of jwt-auth",
            "jwt-auth = { version = \"…\", features = [\"redis\"] }",
        )),
        None => {
            if !debug {
                log::warn!(
                    "jwt-auth: sessions are kept in memory and end with this process; \
                     set `redis` in [default.jwt_auth] or REDIS_URL to keep them"
                );
            }
            Ok(Arc::new(MemoryStore::new()))
        }
    }
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
        if let Some(error) = failure(request).filter(|error| error.status() == response.status()) {
            challenge(request, response, error);
        }
    }
}

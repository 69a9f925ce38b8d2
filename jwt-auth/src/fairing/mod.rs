//! The fairing: at launch it builds everything from the settings; on the way out it puts on
//! each response what the guards have to say.

pub(crate) mod redis;

use std::mem;
use std::sync::Arc;

use rocket::fairing::{self, Info, Kind};
use rocket::tokio::spawn;
use rocket::{Build, Config, Orbit, Request, Response, Rocket, async_trait};

use crate::__private::declared;
use crate::clock::{Clock, SystemClock};
use crate::compat::fastapi_framework::Compat;
use crate::config::{Revocation, Settings, WhenStale};
use crate::error::{Chain, StartupError};
use crate::guard::complete;
use crate::jwt_auth::JwtAuth;
use crate::keyring::{Keyring, keep_loaded};
#[cfg(feature = "remote")]
use crate::remote::keep_fetched;
use crate::store::{MemoryStore, RefreshStore};

/// Attaches the toolkit to an app. Made by [`JwtAuth::fairing`].
#[must_use = "a fairing does nothing until it is attached: `rocket::build().attach(…)`"]
pub struct Fairing {
    store: Option<Arc<dyn RefreshStore>>,
    clock: Arc<dyn Clock>,
    /// Whether it needs no keys and no Redis.
    for_tests: bool,
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
        Fairing { store: None, clock: Arc::new(SystemClock), for_tests: false }
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

    #[cfg(feature = "testing")]
    pub(crate) fn for_tests(self, clock: impl Clock) -> Self {
        Self { for_tests: true, ..self.store(MemoryStore::new()).clock(clock) }
    }

    async fn build(&self, rocket: &Rocket<Build>) -> Result<JwtAuth, StartupError> {
        let figment = rocket.figment();
        let mut settings =
            if self.for_tests { Settings::read_for_tests(figment)? } else { Settings::read(figment)? };
        let debug = self.for_tests || figment.profile() == Config::DEBUG_PROFILE;
        let compat = Compat::open(&settings).await?;
        let reload_every = settings.keys.reload_every.filter(|_| !self.for_tests);
        let keyring = Keyring::new(mem::take(&mut settings.keys), debug, Arc::clone(&self.clock))?;
        if settings.wait_replicas > 0 && (self.store.is_some() || settings.redis.is_none()) {
            let problem =
                "is set, and sessions are not kept in the Redis of the setting `redis`: nobody has replicas";
            return Err(StartupError::setting(
                "wait_replicas",
                problem,
                "redis = \"redis://127.0.0.1:6379/0\"",
            ));
        }
        let (store, place) = match (&self.store, &settings.redis) {
            (Some(store), _) => (Arc::clone(store), "in the store of the app"),
            (None, Some(redis)) => (redis::store(redis, &settings).await?, "in Redis"),
            (None, None) => (memory(debug), "in memory"),
        };
        log::info!("jwt-auth: sessions are kept {place}");
        // It may hold a password, and is of no more use.
        settings.redis = None;
        let auth = JwtAuth::new(settings, Arc::new(keyring), store, Arc::clone(&self.clock), compat);
        if let Some(every) = reload_every {
            spawn(keep_loaded(auth.downgrade(), every));
        }
        #[cfg(feature = "remote")]
        for (number, issuer) in auth.keyring().others.iter().enumerate() {
            if issuer.remote.is_some() {
                spawn(keep_fetched(auth.downgrade(), number));
            }
        }
        listen(&auth).await?;
        if let Some(compat) = auth.compat() {
            compat.keep_swept(&auth);
        }
        Ok(auth)
    }
}

/// Hears what other processes revoke, unless the settings say not to.
async fn listen(auth: &JwtAuth) -> Result<(), StartupError> {
    let off = auth.settings().revocation == Revocation::Off;
    let hears = !off
        && auth.follow_feed().await.map_err(|source| {
            let what = "the revocations of other processes could not be read".to_owned();
            StartupError::Store { what, source }
        })?;
    if auth.settings().when_stale == WhenStale::Refuse && !hears && (off || auth.shares_sessions()) {
        let why = if off { "`revocation` is \"off\"" } else { "the store has no feed of revocations" };
        let problem = format!("is \"refuse\", and {why}: there is nothing that could be stale");
        return Err(StartupError::setting("when_stale", problem, "when_stale = \"continue\""));
    }
    Ok(())
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
        Info { name: "jwt-auth", kind: Kind::Ignite | Kind::Liftoff | Kind::Response | Kind::Singleton }
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

    async fn on_liftoff(&self, rocket: &Rocket<Orbit>) {
        let undeclared = rocket.routes().filter(|route| declared(route).is_none());
        let undeclared: Vec<String> =
            undeclared.map(|route| format!("{} {}", route.method, route.uri)).collect();
        if !undeclared.is_empty() {
            log::warn!(
                "jwt-auth: nobody decided who may call these routes, so everybody may: {}. Mount handlers with \
                 `jwt_auth::routes![]`",
                undeclared.join(", ")
            );
        }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        complete(request, response);
    }
}

//! The fairing, which builds everything from the settings at launch, and completes responses.

mod cookies;
mod store;

use std::sync::Arc;

use rocket::fairing::{self, Info, Kind};
use rocket::tokio::spawn;
use rocket::{Build, Config, Orbit, Request, Response, Rocket, async_trait};

use crate::clock::{Clock, SystemClock};
use crate::compat::fastapi_framework::{Bridge, keep_swept};
use crate::config::{RevocationMode, Settings, StoreSettings, WhenStale};
use crate::error::{Chain, StartupError};
use crate::guard::complete;
use crate::jwt_auth::{JwtAuth, Parts};
#[cfg(feature = "remote")]
use crate::keyring::keep_fetched;
use crate::keyring::{Keyring, keep_reloaded};
use crate::policy::registry;
use crate::revocation::{Revocations, catch_up, follow};
use crate::session::{Confirmations, Sessions, StoreHandle, Users};
use crate::signer::Signer;
use crate::store::{MemoryStore, RefreshStore};
use crate::verify::Verifier;
use cookies::AppUsers;

/// The fairing that attaches the toolkit to an app. [`JwtAuth::fairing`] creates it.
#[must_use = "a fairing does nothing until it is attached: `rocket::build().attach(…)`"]
pub struct Fairing {
    store: Option<Arc<dyn RefreshStore>>,
    clock: Arc<dyn Clock>,
    /// Whether session cookies are on, whatever the settings say.
    cookies: bool,
    users: Option<AppUsers>,
}

/// What the app is built on.
struct Base {
    store: Option<Arc<dyn RefreshStore>>,
    clock: Arc<dyn Clock>,
    /// Whether the app works without keys and without Redis.
    for_tests: bool,
}

/// The clock of an app that was prepared for a test. It is in the managed state.
#[cfg(feature = "testing")]
pub(crate) struct TestClock(pub(crate) Arc<dyn Clock>);

impl JwtAuth {
    /// Returns the fairing that reads the [settings](crate::guide::settings) and manages a `JwtAuth`.
    ///
    /// An invalid setting stops the launch with a message that says what to set.
    ///
    /// # Example
    ///
    /// ```
    /// use jwt_auth::JwtAuth;
    ///
    /// rocket::build().attach(JwtAuth::fairing());
    /// ```
    pub fn fairing() -> Fairing {
        Fairing { store: None, clock: Arc::new(SystemClock::new()), cookies: false, users: None }
    }
}

impl Fairing {
    /// Keeps sessions in this store, whatever the setting `redis` says.
    pub fn store(mut self, store: impl RefreshStore) -> Self {
        self.store = Some(Arc::new(store));
        self
    }

    /// Uses this clock instead of the system clock.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Turns session cookies on, as the table `[default.jwt_auth.cookies]` does, which has their settings: tokens are also
    /// read from cookies, and [`SignedIn`](crate::SignedIn) puts them there.
    pub fn cookies(mut self) -> Self {
        self.cookies = true;
        self
    }

    /// Tells how users are loaded, so that an expired access token in a cookie is renewed by the request that presents it.
    pub fn users<U: Users>(mut self, users: U) -> Self {
        self.users = Some(AppUsers::new(users));
        self
    }

    #[cfg_attr(not(feature = "testing"), expect(unused_variables, reason = "tests manage the clock"))]
    fn base(&self, rocket: &Rocket<Build>) -> Base {
        #[cfg(feature = "testing")]
        if let Some(TestClock(clock)) = rocket.state() {
            return Base {
                store: Some(Arc::new(MemoryStore::new())),
                clock: Arc::clone(clock),
                for_tests: true,
            };
        }
        Base { store: self.store.clone(), clock: Arc::clone(&self.clock), for_tests: false }
    }

    async fn build(&self, rocket: &Rocket<Build>) -> Result<JwtAuth, StartupError> {
        let (figment, base) = (rocket.figment(), self.base(rocket));
        let settings =
            if base.for_tests { Settings::read_for_tests(figment)? } else { Settings::read(figment)? };
        let debug = base.for_tests || figment.profile() == Config::DEBUG_PROFILE;
        let legacy = store::legacy(&settings).await?;
        let cookies = cookies::open(&settings, self.cookies, self.users.as_ref(), debug)?;
        let reload_every = settings.keys.reload_every.filter(|_| !base.for_tests);
        let keyring =
            Arc::new(Keyring::new(settings.keys, settings.tokens.leeway, debug, Arc::clone(&base.clock))?);
        let store = base.open_store(&settings.store, settings.tokens.issuer.as_deref(), debug).await?;

        let revocations =
            Arc::new(Revocations::new(settings.revocation, &settings.tokens, Arc::clone(&base.clock)));
        let signer = Arc::new(Signer::new(Arc::clone(&keyring), &settings.tokens));
        let verifier = Verifier::new(
            Arc::clone(&keyring),
            Arc::clone(&revocations),
            Arc::clone(&base.clock),
            settings.tokens,
            settings.token_cache,
            legacy.is_some(),
        );
        let sessions = Arc::new(Sessions {
            store: StoreHandle::new(Arc::clone(&store), settings.store.timeout),
            verifier,
            signer,
            revocations: Arc::clone(&revocations),
            clock: Arc::clone(&base.clock),
            confirmations: Confirmations::new(),
            settings: settings.sessions,
        });
        let bridge = legacy.map(|legacy| Arc::new(Bridge::new(legacy, Arc::clone(&sessions))));

        if let Some(every) = reload_every {
            spawn(keep_reloaded(Arc::downgrade(&keyring), every));
        }
        #[cfg(feature = "remote")]
        for (number, issuer) in keyring.trusted.iter().enumerate() {
            if issuer.remote.is_some() {
                spawn(keep_fetched(Arc::downgrade(&keyring), number));
            }
        }
        listen(&*store, &revocations).await?;
        if let Some(bridge) = &bridge {
            spawn(keep_swept(Arc::downgrade(bridge)));
        }
        Ok(JwtAuth::new(Parts {
            keyring,
            sessions,
            bridge,
            cookies,
            users: self.users.as_ref().map(|users| Arc::clone(&users.users)),
            realm: settings.realm,
        }))
    }
}

impl Base {
    async fn open_store(
        &self,
        settings: &StoreSettings,
        issuer: Option<&str>,
        debug: bool,
    ) -> Result<Arc<dyn RefreshStore>, StartupError> {
        if settings.wait_replicas > 0 && (self.store.is_some() || settings.redis.is_none()) {
            return Err(StartupError::setting(
                "wait_replicas",
                "is set, but sessions are not kept in the Redis server of the setting `redis`, so there are no replicas",
                "redis = \"redis://127.0.0.1:6379/0\"",
            ));
        }
        let (store, place) = match (&self.store, &settings.redis) {
            (Some(store), _) => (Arc::clone(store), "in the app's own store"),
            (None, Some(redis)) => {
                let store = store::open(redis, settings).await?;
                if issuer.is_none() {
                    warn_of_shared_users(&settings.prefix);
                }
                (store, "in Redis")
            }
            (None, None) => (memory(debug), "in memory"),
        };
        log::info!("jwt-auth: sessions are kept {place}");
        Ok(store)
    }
}

/// Follows the feed of revocations by other processes, unless the settings turn it off.
async fn listen(store: &dyn RefreshStore, revocations: &Arc<Revocations>) -> Result<(), StartupError> {
    let settings = revocations.settings();
    let off = settings.mode == RevocationMode::Off;
    let feed = if off { None } else { store.feed(revocations.retention()) };
    let has_feed = feed.is_some();
    if let Some(feed) = feed {
        let cursor = catch_up(&*feed, revocations).await.map_err(|source| StartupError::Store {
            what: "the revocations of other processes could not be read".to_owned(),
            source,
        })?;
        spawn(follow(feed, Arc::downgrade(revocations), cursor));
    }
    let is_shared = store.is_shared();
    if settings.when_stale == WhenStale::Refuse && !has_feed && (off || is_shared) {
        let why = if off { "`revocation` is \"off\"" } else { "the store has no feed of revocations" };
        let problem = format!("is \"refuse\", but {why}, so there is nothing that could be stale");
        return Err(StartupError::setting("when_stale", problem, "when_stale = \"continue\""));
    }
    if settings.mode == RevocationMode::Push && !has_feed && is_shared {
        log::warn!(
            "jwt-auth: the app's own store is shared, but has no feed of revocations, so after a logout in one process, \
             the others accept the access tokens until they expire. Implement `RefreshStore::feed`, or set `revocation \
             = \"strict\"` in [default.jwt_auth]"
        );
    }
    Ok(())
}

/// Logs a warning that users of several apps may have the same owner.
fn warn_of_shared_users(prefix: &str) {
    log::warn!(
        "jwt-auth: `issuer` is not set, so all apps that use this Redis server with the prefix `{prefix}` share their \
         users: logging out user 1 of one app everywhere also logs out user 1 of the others. Give each app its own \
         `issuer` or `prefix` in [default.jwt_auth]. Changing one of them ends the existing sessions"
    );
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
        let undeclared = rocket.routes().filter(|route| registry::access(route).is_none());
        let undeclared: Vec<String> =
            undeclared.map(|route| format!("{} {}", route.method, route.uri)).collect();
        if !undeclared.is_empty() {
            log::warn!(
                "jwt-auth: these routes have no access rule, so everyone may call them: {}. Mount handlers with \
                 `jwt_auth::routes![]`",
                undeclared.join(", ")
            );
        }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        complete(request, response).await;
    }
}

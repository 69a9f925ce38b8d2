//! The fairing, which builds everything from the settings at launch, and completes responses.

mod base;
mod cookies;
mod feed;
mod proxies;
mod store;

use std::fmt::Display;
use std::sync::Arc;

use rocket::fairing::{self, Info, Kind};
use rocket::tokio::spawn;
use rocket::{Build, Config, Orbit, Request, Response, Rocket, Route, async_trait};

use crate::clock::{Clock, SystemClock};
use crate::compat::fastapi_framework::{Bridge, keep_swept};
use crate::config::{Settings, misplaced};
use crate::error::{Chain, StartupError};
use crate::event::{Event, Observer, Observers};
use crate::guard::complete;
use crate::jwt_auth::{JwtAuth, Parts};
#[cfg(feature = "remote")]
use crate::keyring::keep_fetched;
use crate::keyring::{Keyring, keep_reloaded};
use crate::policy::registry;
use crate::revocation::Revocations;
use crate::session::{Confirmations, Limiter, LongLivedChecks, Probe, Sessions, StoreHandle, Users};
use crate::signer::Signer;
use crate::store::RefreshStore;
use crate::verify::Verifier;
#[cfg(feature = "testing")]
pub(crate) use base::TestClock;
use cookies::{AppUsers, check_login_page};
use proxies::check_proxies;

/// The fairing that attaches the toolkit to an app. [`JwtAuth::fairing`] creates it.
#[must_use = "a fairing does nothing until it is attached: `rocket::build().attach(…)`"]
pub struct Fairing {
    store: Option<Arc<dyn RefreshStore>>,
    clock: Arc<dyn Clock>,
    /// Whether session cookies are on, whatever the settings say.
    cookies: bool,
    login_page: Option<String>,
    users: Option<AppUsers>,
    observers: Vec<Observer>,
}

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
        Fairing {
            store: None,
            clock: Arc::new(SystemClock::new()),
            cookies: false,
            login_page: None,
            users: None,
            observers: Vec::new(),
        }
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

    /// Turns session cookies on: tokens are also read from cookies, and [`SignedIn`](crate::SignedIn) sets them. The table
    /// `[default.jwt_auth.cookies]` has the [settings](crate::guide::settings), and turns them on as well.
    pub fn cookies(mut self) -> Self {
        self.cookies = true;
        self
    }

    /// Sets the page where users sign in, such as `/login`. The setting `cookies.login_page` takes precedence.
    ///
    /// A page navigation that needs a session and has none is redirected there, with the requested page as
    /// [`next`](crate::Next): see [pages](crate::guide::browsers#pages). A login page needs session cookies.
    pub fn login_page(mut self, path: impl Display) -> Self {
        self.login_page = Some(path.to_string());
        self
    }

    /// Sets how users are loaded. An expired access token in a cookie is then renewed by the request that presents it.
    pub fn users<U: Users>(mut self, users: U) -> Self {
        self.users = Some(AppUsers::new(users));
        self
    }

    /// Calls this function with every [`Event`], after the fact, on the thread that caused it. It must return quickly: to
    /// write to a database, send the event to a task. A panic is logged and has no other effect, unless the app is built
    /// with `panic = "abort"`. Several observers are called in the order in which they were added. See the
    /// [guide](crate::guide::observability).
    ///
    /// ```
    /// use jwt_auth::{Event, JwtAuth};
    ///
    /// fn audit(event: &Event<'_>) {
    ///     use Event::{Reused, SignInRefused, SignedIn, Throttled};
    ///
    ///     if let SignedIn { .. } | SignInRefused { .. } | Throttled { .. } | Reused { .. } = event {
    ///         println!("{}", serde_json::to_string(event).expect("an event serializes"));
    ///     }
    /// }
    ///
    /// rocket::build().attach(JwtAuth::fairing().observe(audit));
    /// ```
    pub fn observe(mut self, observer: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.observers.push(Arc::new(observer));
        self
    }

    async fn build(&self, rocket: &Rocket<Build>) -> Result<JwtAuth, StartupError> {
        let (figment, base) = (rocket.figment(), self.base(rocket));
        for warning in misplaced(figment) {
            log::warn!("jwt-auth: {warning}");
        }
        let settings =
            if base.for_tests { Settings::read_for_tests(figment)? } else { Settings::read(figment)? };
        let debug = base.for_tests || figment.profile() == Config::DEBUG_PROFILE;
        check_proxies(&settings.throttle, figment)?;
        let legacy = store::legacy(&settings).await?;
        let cookies = self.open_cookies(&settings, debug)?;
        let reload_every = settings.keys.reload_every.filter(|_| !base.for_tests);
        let observers = Observers::new(&self.observers);
        #[cfg(feature = "metrics")]
        crate::event::describe();
        let keyring = Arc::new(Keyring::new(
            settings.keys,
            settings.tokens.leeway,
            debug,
            Arc::clone(&base.clock),
            observers.clone(),
        )?);
        let store = base.open_store(&settings.store, settings.tokens.issuer.as_deref(), debug).await?;

        let revocations =
            Arc::new(Revocations::new(settings.revocation, &settings.tokens, Arc::clone(&base.clock)));
        let signer = Arc::new(Signer::new(Arc::clone(&keyring), &settings.tokens, debug));
        let verifier = Verifier::new(
            Arc::clone(&keyring),
            Arc::clone(&revocations),
            Arc::clone(&base.clock),
            settings.tokens,
            settings.token_cache,
            legacy.is_some(),
        );
        let sessions = Arc::new(Sessions {
            store: StoreHandle::new(Arc::clone(&store), settings.store.timeout, observers.clone()),
            verifier,
            signer,
            revocations: Arc::clone(&revocations),
            clock: Arc::clone(&base.clock),
            confirmations: Confirmations::new(),
            long_lived: LongLivedChecks::new(),
            limiter: Limiter::new(settings.throttle, &*store),
            observers: observers.clone(),
            probe: Probe::default(),
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
        feed::listen(&*store, &revocations, &observers).await?;
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

#[async_trait]
impl fairing::Fairing for Fairing {
    fn info(&self) -> Info {
        Info { name: "jwt-auth", kind: Kind::Ignite | Kind::Liftoff | Kind::Response | Kind::Singleton }
    }

    async fn on_ignite(&self, rocket: Rocket<Build>) -> fairing::Result {
        match self.build(&rocket).await {
            Ok(auth) => Ok(rocket.manage(auth)),
            Err(error) => {
                let error = Settings::locate(error, rocket.figment());
                log::error!("jwt-auth: {}", Chain(&error));
                Err(rocket)
            }
        }
    }

    async fn on_liftoff(&self, rocket: &Rocket<Orbit>) {
        check_login_page(rocket);
        let undeclared = rocket.routes().filter(|route| registry::access(route).is_none());
        let (guarded, open): (Vec<_>, Vec<_>) = undeclared.partition(|route| registry::may_be_guarded(route));
        let list = |routes: Vec<&Route>| {
            let routes: Vec<String> =
                routes.iter().map(|route| format!("{} {}", route.method, route.uri)).collect();
            routes.join(", ")
        };
        if !open.is_empty() {
            log::warn!(
                "jwt-auth: these routes have no access rule, so everyone may call them: {}. Mount handlers with \
                 `jwt_auth::routes![]`",
                list(open)
            );
        }
        if !guarded.is_empty() {
            log::warn!(
                "jwt-auth: these routes may be open to everyone, because they were mounted with `rocket::routes![]`: {}. \
                 A handler of the same name has `#[require_auth]`. If it is this one, the rule is in force, but the list \
                 of routes, the audit and the OpenAPI document do not show it. Mount handlers with \
                 `jwt_auth::routes![]`",
                list(guarded)
            );
        }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        complete(request, response).await;
    }
}

//! The toolkit as an app holds it: issuing and verifying. What it does with sessions stands in
//! [`refresh`](crate::refresh).

use std::future::Future;
use std::sync::Arc;

use rocket::figment::Figment;
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::auth::Auth;
use crate::claims::{Claims, SignIn};
use crate::clock::{Clock, Timestamp};
use crate::compat::fastapi_framework::{self, Compat};
use crate::config::Settings;
use crate::error::{AuthError, InvalidToken, StartupError, StoreError};
use crate::issuer::{Issue, Issuer};
use crate::keyring::{Jwks, Keyring, TokenKind};
use crate::revocation::{Revocations, catch_up, follow};
use crate::store::{RefreshStore, Revocation};
use crate::verifier::{Remembered, Signatures, Verifier};

/// How many calls of the store may be under way at once. About what an app of two cores gets answers to
/// within the default `store_timeout`: what stood behind more would wait in vain. Few enough that waiting
/// for a store that is away takes tens of megabytes at most.
const STORE_CALLS: usize = 4_096;

/// Issues, checks and revokes tokens.
///
/// [`JwtAuth::fairing`] makes it when the app launches. Handlers take it as `&JwtAuth`; elsewhere it
/// is in Rocket's managed state. Clones are cheap and share everything.
#[derive(Clone)]
pub struct JwtAuth(Arc<Parts>);

struct Parts {
    settings: Settings,
    keyring: Arc<Keyring>,
    issuer: Issuer,
    verifier: Verifier,
    store: Arc<dyn RefreshStore>,
    store_calls: Semaphore,
    remembered: Remembered,
    revocations: Arc<Revocations>,
    clock: Arc<dyn Clock>,
    compat: Option<Compat>,
}

impl JwtAuth {
    /// Signs an access token that belongs to no session: it is good for `access_ttl`.
    /// [`revoke_access_token`](Self::revoke_access_token) ends it before, and
    /// [`revoke_subject`](Self::revoke_subject) all of its subject. Where the store is asked (`revocation =
    /// "strict"`, `#[require_auth(strict)]`) it is refused. For users who sign in there is
    /// [`generate_tokens`](Self::generate_tokens).
    ///
    /// # Errors
    ///
    /// [`Internal`](AuthError::Internal), 500: the claims cannot be put into a token, or the app has
    /// no key to sign with.
    pub fn create_access_token<C: Claims>(&self, claims: &C) -> Result<String, AuthError> {
        if self.issues_foreign().is_some() {
            return self.sign_foreign_access(claims).map(|(token, _)| token);
        }
        self.sign_access_token(claims, self.now())
    }

    /// Signs an access token that belongs to no session, as of this time.
    pub(crate) fn sign_access_token<C: Claims>(
        &self,
        claims: &C,
        issued_at: Timestamp,
    ) -> Result<String, AuthError> {
        self.issuer().sign(
            &claims.body()?,
            &Issue {
                kind: TokenKind::Access,
                token_id: Uuid::new_v4(),
                session_id: None,
                issued_at,
                expires_at: issued_at + self.settings().access_ttl,
                sign_in: SignIn::default(),
            },
        )
    }

    /// Verifies an access token that did not come with a request: a message of a WebSocket, say. Does
    /// not ask the store, whatever the setting `revocation` says; [`check_session`](Self::check_session)
    /// does.
    ///
    /// # Errors
    ///
    /// [`InvalidToken`](AuthError::InvalidToken), with the reason.
    pub fn verify<C: Claims>(&self, token: &str) -> Result<Auth<C>, AuthError> {
        if self.remembered().is_on(self.keyring()) {
            return self.authenticate(token, &self.signatures(token));
        }
        self.authenticate_anew(token, &Signatures::new(self.keyring())).map(Auth::of)
    }

    /// Asks the store whether the session of an access token lives: for what must not happen in the
    /// moment that a logout takes to be heard of everywhere. With the setting `revocation =
    /// "strict"` every request asks.
    ///
    /// # Errors
    ///
    /// [`InvalidToken`](AuthError::InvalidToken) when it does not live, or when the token belongs to
    /// no session; [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable) when the store gave
    /// no answer.
    pub async fn check_session<C: Claims>(&self, auth: &Auth<C>) -> Result<(), AuthError> {
        let sid = auth.session_id().ok_or(InvalidToken::NoSession)?;
        let subject = auth.subject();
        let family = self.store_call(|store| store.find(&subject, sid)).await?;
        match family.is_some_and(|family| family.is_live(self.now())) {
            true => Ok(()),
            false => Err(InvalidToken::Revoked.into()),
        }
    }

    /// Whether sessions are kept where other processes see them, and this one after it was started anew: in
    /// Redis, but not in memory.
    pub fn shares_sessions(&self) -> bool {
        self.0.store.is_shared()
    }

    /// The public keys that verify this app's tokens, for `/.well-known/jwks.json`.
    pub fn jwks(&self) -> Jwks {
        self.0.keyring.own.jwks()
    }

    /// Takes the [keys](crate#keys) of this configuration instead of those that the app has, from now on: of
    /// `rocket::Config::figment()`, to read `Rocket.toml` and the environment anew, or of that and a provider
    /// over a vault. All other settings stay as they were at launch.
    ///
    /// It reads files, as a launch does.
    ///
    /// # Errors
    ///
    /// A setting is wrong. Then nothing changes.
    ///
    /// # Example
    ///
    /// ```
    /// # #[derive(serde::Serialize, serde::Deserialize, jwt_auth::Claims)]
    /// # struct User { #[claims(subject)] id: u64, #[claims(roles)] roles: Vec<String> }
    /// use jwt_auth::{JwtAuth, require_auth};
    /// use rocket::http::Status;
    ///
    /// #[require_auth(User, role = "operator", fresh = "5m")]
    /// #[rocket::post("/keys")]
    /// fn reload(auth: &JwtAuth) -> Result<(), Status> {
    ///     auth.reload_keys(&rocket::Config::figment()).map_err(|error| {
    ///         rocket::error!("the keys stay as they were: {error}");
    ///         Status::InternalServerError
    ///     })
    /// }
    /// ```
    pub fn reload_keys(&self, figment: &Figment) -> Result<(), StartupError> {
        let settings = Settings::read(figment)?;
        if self.compat().is_some() {
            fastapi_framework::check_keys(&settings)?;
        }
        self.0.keyring.replace(settings.keys)
    }

    pub(crate) fn new(
        settings: Settings,
        keyring: Arc<Keyring>,
        store: Arc<dyn RefreshStore>,
        clock: Arc<dyn Clock>,
        compat: Option<Compat>,
    ) -> Self {
        Self(Arc::new(Parts {
            issuer: Issuer::new(Arc::clone(&keyring), &settings),
            verifier: Verifier::new(Arc::clone(&keyring), &settings),
            remembered: Remembered::new(settings.token_cache),
            revocations: Arc::new(Revocations::new(&settings)),
            keyring,
            settings,
            store,
            store_calls: Semaphore::new(STORE_CALLS),
            clock,
            compat,
        }))
    }

    /// Refuses in this process what was revoked. Other processes hear of it by the store's feed.
    pub(crate) fn revoke(&self, revocation: Revocation) {
        self.0.revocations.apply(revocation, self.now());
    }

    /// Up to when the tokens of a subject that belong to no session were revoked.
    pub(crate) fn revoked_before(&self, subject: &str) -> Option<Timestamp> {
        self.0.revocations.before(subject)
    }

    /// Hears from now on what other processes revoke, and before that what they have revoked. Says
    /// whether there is anything to hear.
    ///
    /// # Errors
    ///
    /// The store gave no answer.
    pub(crate) async fn follow_feed(&self) -> Result<bool, StoreError> {
        let Some(feed) = self.0.store.feed(Revocations::retention(self.settings())) else { return Ok(false) };
        let (revocations, clock) = (&self.0.revocations, &self.0.clock);
        let cursor = catch_up(&*feed, revocations, &**clock).await?;
        rocket::tokio::spawn(follow(feed, Arc::downgrade(revocations), Arc::clone(clock), cursor));
        Ok(true)
    }

    /// Asks the store, for as long as `store_timeout` allows.
    pub(crate) async fn store_call<'a, T, F>(
        &'a self,
        call: impl FnOnce(&'a dyn RefreshStore) -> F,
    ) -> Result<T, AuthError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        self.in_time(call(&*self.0.store)).await
    }

    /// Waits for the answer of a store, for as long as `store_timeout` allows. Does not queue: a store that
    /// does not keep up is not asked more and more.
    pub(crate) async fn in_time<T>(
        &self,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, AuthError> {
        let _call = self.0.store_calls.try_acquire().map_err(|_| StoreError::Busy(STORE_CALLS))?;
        let limit = self.settings().store_timeout;
        match tokio::time::timeout(limit, call).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(StoreError::TimedOut(limit).into()),
        }
    }

    /// This, for as long as somebody else holds it.
    pub(crate) fn downgrade(&self) -> impl Fn() -> Option<Self> + Send + 'static {
        let parts = Arc::downgrade(&self.0);
        move || parts.upgrade().map(Self)
    }

    pub(crate) fn remembered(&self) -> &Remembered {
        &self.0.remembered
    }

    pub(crate) fn revocations(&self) -> &Revocations {
        &self.0.revocations
    }

    pub(crate) fn compat(&self) -> Option<&Compat> {
        self.0.compat.as_ref()
    }

    pub(crate) fn keyring(&self) -> &Keyring {
        &self.0.keyring
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    #[cfg(feature = "testing")]
    pub(crate) fn store(&self) -> &dyn RefreshStore {
        &*self.0.store
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(crate) fn issuer(&self) -> &Issuer {
        &self.0.issuer
    }

    pub(crate) fn verifier(&self) -> &Verifier {
        &self.0.verifier
    }
}

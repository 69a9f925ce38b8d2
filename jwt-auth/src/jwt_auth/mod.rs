//! The facade: all operations of an app on tokens, sessions and keys. It contains no logic. It only chooses whether the
//! bridge to fastapi_framework or the sessions handle a call.

mod access_tokens;
mod login;
mod new_access_token;
mod reauthentication;
mod sessions;
mod streams;
mod user_sessions;
mod users;

use std::sync::Arc;

use rocket::figment::Figment;

use crate::clock::Timestamp;
use crate::compat::fastapi_framework::{self, Bridge, Swept};
use crate::config::Settings;
use crate::cookies::Cookies;
use crate::error::{AuthError, StartupError};
use crate::event::Observers;
use crate::keyring::{Jwks, Keyring};
use crate::session::{Health, Sessions};
use crate::verify::Verifier;

pub use login::Login;
pub use new_access_token::NewAccessToken;
pub use reauthentication::Reauthentication;
pub(crate) use users::ErasedUsers;

/// Issues, verifies and revokes tokens.
///
/// [`JwtAuth::fairing`] creates it when the app launches. Handlers take it as `&JwtAuth`. Elsewhere, get it from
/// Rocket's managed state. Clones are cheap and share everything.
#[derive(Clone)]
pub struct JwtAuth(Arc<Parts>);

/// The parts that the facade delegates to.
pub(crate) struct Parts {
    pub(crate) keyring: Arc<Keyring>,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) bridge: Option<Arc<Bridge>>,
    /// Session cookies, if they are on.
    pub(crate) cookies: Option<Cookies>,
    pub(crate) users: Option<Arc<dyn ErasedUsers>>,
    /// The realm of challenges.
    pub(crate) realm: String,
}

impl JwtAuth {
    /// Returns `true` if other processes share the sessions, and the sessions survive a restart. This is the case with
    /// Redis, but not in memory. With the app's own store, its [`is_shared`](crate::store::RefreshStore::is_shared)
    /// decides.
    pub fn shares_sessions(&self) -> bool {
        self.engine().store.inner().is_shared()
    }

    /// Checks what the app depends on: whether a key signs and the keys of trusted issuers are at hand, whether the store
    /// answers within `store_timeout`, and whether revocations by other processes are received.
    ///
    /// The store is asked at most once per second, however many calls there are.
    ///
    /// # Example
    ///
    /// ```
    /// use jwt_auth::{Health, JwtAuth, public};
    ///
    /// #[public]
    /// #[rocket::get("/health")]
    /// async fn health(auth: &JwtAuth) -> Health {
    ///     auth.health().await
    /// }
    /// ```
    pub async fn health(&self) -> Health {
        self.engine().health(self.keyring()).await
    }

    /// Returns the public keys that verify this app's tokens, for `/.well-known/jwks.json`.
    pub fn jwks(&self) -> Jwks {
        self.keyring().own.jwks()
    }

    /// Replaces the keys with those of this configuration. Pass `rocket::Config::figment()` to read `Rocket.toml` and
    /// the environment again. To take keys from a vault, for example, merge another provider into it. All other
    /// settings stay as they were at launch.
    ///
    /// Key files are read again, too. The guide describes [key rotation](crate::guide::keys) step by step.
    ///
    /// # Errors
    ///
    /// Returns an error if a setting is invalid. In that case, nothing changes.
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
    ///         rocket::error!("the keys were not replaced: {error}");
    ///         Status::InternalServerError
    ///     })
    /// }
    /// ```
    pub fn reload_keys(&self, figment: &Figment) -> Result<(), StartupError> {
        let settings = Settings::read(figment)?;
        if self.bridge().is_some() {
            fastapi_framework::check_keys(&settings)?;
        }
        self.keyring().replace(settings.keys)
    }

    /// Removes useless members from the SET of [`fastapi_framework`] now: expired and revoked tokens, and members that
    /// are not tokens. The app also does this on its own, once an hour.
    ///
    /// The larger the SET is, the longer this takes. It proceeds in small steps, and Redis answers other requests in
    /// between.
    ///
    /// # Errors
    ///
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: Redis did not answer. Members that were
    ///   already removed stay removed.
    /// - [`Internal`](AuthError::Internal), 500: the setting `fastapi_framework` is not set.
    ///
    /// # Example
    ///
    /// ```
    /// # #[derive(serde::Serialize, serde::Deserialize, jwt_auth::Claims)]
    /// # struct User { #[claims(subject)] id: u64, #[claims(roles)] roles: Vec<String> }
    /// use jwt_auth::{AuthError, JwtAuth, require_auth};
    ///
    /// #[require_auth(User, role = "operator")]
    /// #[rocket::post("/sweep")]
    /// async fn sweep(auth: &JwtAuth) -> Result<String, AuthError> {
    ///     let swept = auth.sweep_refresh_tokens().await?;
    ///     Ok(format!("{} removed, {} left", swept.removed, swept.live))
    /// }
    /// ```
    pub async fn sweep_refresh_tokens(&self) -> Result<Swept, AuthError> {
        match self.bridge() {
            Some(bridge) => bridge.sweep().await,
            None => Err(AuthError::internal(
                "there is nothing to sweep: `fastapi_framework` in [default.jwt_auth] is not set",
            )),
        }
    }

    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    pub(crate) fn keyring(&self) -> &Arc<Keyring> {
        &self.0.keyring
    }

    pub(crate) fn verifier(&self) -> &Verifier {
        &self.engine().verifier
    }

    pub(crate) fn engine(&self) -> &Arc<Sessions> {
        &self.0.sessions
    }

    pub(crate) fn bridge(&self) -> Option<&Arc<Bridge>> {
        self.0.bridge.as_ref()
    }

    pub(crate) fn cookies(&self) -> Option<&Cookies> {
        self.0.cookies.as_ref()
    }

    pub(crate) fn users(&self) -> Option<&dyn ErasedUsers> {
        self.0.users.as_deref()
    }

    pub(crate) fn observers(&self) -> &Observers {
        &self.engine().observers
    }

    pub(crate) fn realm(&self) -> &str {
        &self.0.realm
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.engine().now()
    }
}

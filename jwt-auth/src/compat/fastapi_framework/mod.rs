#![doc = include_str!("guide.md")]

mod access_token;
mod refresh_token;
mod sessions;
#[cfg_attr(not(feature = "redis"), allow(dead_code, reason = "only Redis has such a SET"))]
mod set;
mod sweep;

use std::sync::Arc;

use jsonwebtoken::Algorithm;
use rocket::tokio::spawn;
use rocket::tokio::sync::Notify;

use crate::config::{FastapiFramework, Material, Redis, Revocation, Settings};
use crate::error::{AuthError, StartupError, StoreError};
use crate::fairing::redis::token_set;
use crate::jwt_auth::JwtAuth;

pub(crate) use access_token::{claims, subjects};
pub(crate) use set::TokenSet;
#[cfg(feature = "redis")]
pub(crate) use set::{Member, Taken};
pub use sweep::Swept;

/// Removes from the SET what is of no more use, now: see [above](self#the-set).
///
/// It takes as long as the SET is large, in small steps: Redis answers others in between.
///
/// # Errors
///
/// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable): Redis gave no answer. What was
///   removed until then is removed.
/// - [`Internal`](AuthError::Internal): the setting `fastapi_framework` is not set.
///
/// # Example
///
/// ```
/// use jwt_auth::compat::fastapi_framework;
/// use jwt_auth::{AuthError, JwtAuth, public};
///
/// #[public]
/// #[rocket::post("/internal/sweep")]
/// async fn sweep(auth: &JwtAuth) -> Result<String, AuthError> {
///     let swept = fastapi_framework::sweep(auth).await?;
///     Ok(format!("{} removed, {} left", swept.removed, swept.live))
/// }
/// ```
pub async fn sweep(auth: &JwtAuth) -> Result<Swept, AuthError> {
    let compat = auth.compat().ok_or_else(|| {
        AuthError::internal("there is nothing to sweep: `fastapi_framework` in [default.jwt_auth] is not set")
    })?;
    auth.sweep_refresh_tokens(compat).await
}

/// What there is in common with the other service.
pub(crate) struct Compat {
    phase: FastapiFramework,
    set: Box<dyn TokenSet>,
    /// Wakes up what sweeps.
    sweep: Arc<Notify>,
}

impl Compat {
    /// What the settings say that there is. The SET is looked at.
    ///
    /// # Errors
    ///
    /// Other settings do not fit, or there is no Redis with such a SET.
    pub(crate) async fn open(settings: &Settings) -> Result<Option<Self>, StartupError> {
        let Some(phase) = settings.fastapi_framework else { return Ok(None) };
        let set = token_set(check(settings, phase)?, settings).await?;
        let len = match tokio::time::timeout(settings.store_timeout, set.len()).await {
            Ok(len) => len,
            Err(_) => Err(StoreError::TimedOut(settings.store_timeout)),
        };
        let len = len.map_err(|source| StartupError::Store {
            what: "the SET `refresh_tokens` of the service on fastapi_framework could not be looked at"
                .to_owned(),
            source,
        })?;
        let does = match phase {
            FastapiFramework::Issue => "issued and accepted",
            FastapiFramework::Accept => "accepted",
        };
        log::info!(
            "jwt-auth: tokens of fastapi_framework are {does}; the SET `refresh_tokens` has {len} members"
        );
        Ok(Some(Self { phase, set, sweep: Arc::default() }))
    }

    /// Sweeps from now on, for as long as the app lives.
    pub(crate) fn keep_swept(&self, auth: &JwtAuth) {
        spawn(sweep::keep_swept(auth.downgrade(), Arc::clone(&self.sweep)));
    }

    fn sweep_soon(&self) {
        self.sweep.notify_one();
    }
}

/// Refuses keys of which none is that of the other service, or of which one would sign what it cannot verify.
pub(crate) fn check_keys(settings: &Settings) -> Result<(), StartupError> {
    if settings.keys.algorithm != Algorithm::HS256 {
        return Err(StartupError::setting(
            "algorithm",
            "must be HS256 while `fastapi_framework` is set, as JWT_ALGORITHM of the other service must",
            "algorithm = \"HS256\"",
        ));
    }
    if !settings.keys.has_secret() {
        return Err(StartupError::setting(
            "secret",
            "is not set, and `fastapi_framework` is: set it, or JWT_SECRET_KEY, to that of the other service",
            "JWT_SECRET_KEY=…",
        ));
    }
    let others = settings.keys.own.iter().find(|key| match &key.material {
        Material::Secret(_) => key.algorithm != Some(Algorithm::HS256),
        Material::Pem { private, .. } => private.is_some(),
        Material::Jwk(_) | Material::Jwks(_) => true,
    });
    match (settings.fastapi_framework, others) {
        (Some(FastapiFramework::Issue), Some(key)) => Err(StartupError::setting(
            &key.material_name(),
            "may sign, and `fastapi_framework` is \"issue\": the other service could not verify that. Until it is \
             \"accept\", other keys are secrets for HS256, or a `public_key`",
            "fastapi_framework = \"accept\"",
        )),
        _ => Ok(()),
    }
}

/// Refuses settings under which tokens of the other service could not be what they were.
fn check(settings: &Settings, phase: FastapiFramework) -> Result<&Redis, StartupError> {
    check_keys(settings)?;
    let wrong = |name: &str, problem: &str, example: &str| Err(StartupError::setting(name, problem, example));
    let Some(redis) = &settings.redis else {
        return wrong(
            "redis",
            "is not set, and `fastapi_framework` is: set it, or REDIS_URL, or REDIS_HOST and REDIS_PORT, to that of \
             the other service, which uses the database 0",
            "redis = \"redis://localhost:6379/0\"",
        );
    };
    if phase == FastapiFramework::Issue && settings.revocation == Revocation::Strict {
        return wrong(
            "revocation",
            "is \"strict\", and `fastapi_framework` is \"issue\": its access tokens belong to no session that the \
             store could be asked about, so all would be refused",
            "revocation = \"push\"",
        );
    }
    Ok(redis)
}

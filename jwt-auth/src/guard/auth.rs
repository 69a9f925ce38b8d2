//! The guards that authenticate the caller.

use std::sync::Arc;

use rocket::request::{FromRequest, Outcome, Request};
use rocket::{Ignite, Rocket, Sentinel, async_trait};

use super::bearer::bearer;
use super::launch::abort_without_issuer;
use super::state::{RequestState, jwt_auth, reject};
use crate::auth::Auth;
use crate::claims::Claims;
use crate::config::RevocationMode;
use crate::error::AuthError;
use crate::jwt_auth::JwtAuth;
use crate::verify::CacheEntry;

#[async_trait]
impl<'r, C: Claims> FromRequest<'r> for Auth<C> {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        match authenticate::<C>(request).await {
            Ok(auth) => Outcome::Success(auth.clone()),
            Err(error) => reject(request, error.clone()),
        }
    }
}

impl<C: Claims> Sentinel for Auth<C> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        abort_without_issuer::<Self, C>(rocket)
    }
}

/// Returns the claims of the request's token as a `C`. They are read once for each claims type.
pub(super) async fn authenticate<'r, C: Claims>(
    request: &'r Request<'_>,
) -> Result<&'r Auth<C>, &'r AuthError> {
    RequestState::of(request).authentication(request, || read(request)).await.as_ref()
}

async fn read<C: Claims>(request: &Request<'_>) -> Result<Auth<C>, AuthError> {
    let (jwt_auth, token, entry) = prepare::<C>(request).await?;
    let auth = jwt_auth.verifier().authenticate::<C>(token, entry)?;
    // The store does not know the sessions of trusted issuers.
    if jwt_auth.engine().revocations.settings().mode == RevocationMode::Strict && auth.token().is_own {
        check_session(request, &auth).await?;
    }
    jwt_auth.engine().confirm(&auth);
    Ok(auth)
}

/// Returns the request's token and its cache entry, once the keys that a `C` needs are available.
#[cfg_attr(
    not(feature = "remote"),
    allow(clippy::extra_unused_type_parameters, reason = "only fetched keys depend on it")
)]
async fn prepare<'r, C: Claims>(
    request: &'r Request<'_>,
) -> Result<(&'r JwtAuth, &'r str, &'r Arc<CacheEntry>), AuthError> {
    let token = bearer(request)?.ok_or(AuthError::Unauthorized)?;
    let auth = jwt_auth(request)?;
    #[cfg(feature = "remote")]
    auth.verifier().fetch_keys::<C>(token).await?;
    Ok((auth, token, RequestState::of(request).entry(|| auth.verifier().entry(token))))
}

/// Asks the store about the session of the request's token, once.
pub(super) async fn check_session<C: Claims>(request: &Request<'_>, auth: &Auth<C>) -> Result<(), AuthError> {
    let check = async { jwt_auth(request)?.check_session(auth).await };
    RequestState::of(request).session(check).await
}

/// The guard of a claims type by reference.
pub(crate) async fn claims_by_ref<'r, C: Claims>(request: &'r Request<'_>) -> Outcome<&'r C, AuthError> {
    match authenticate::<C>(request).await {
        Ok(auth) => Outcome::Success(&**auth),
        Err(error) => reject(request, error.clone()),
    }
}

/// The guard of a claims type by value. The claims are read again from the verified payload, because they need not be
/// `Clone`, and the policy keeps its own copy.
pub(crate) async fn claims_by_value<C: Claims>(request: &Request<'_>) -> Outcome<C, AuthError> {
    let claims = async {
        authenticate::<C>(request).await.map_err(AuthError::clone)?;
        let (auth, token, entry) = prepare::<C>(request).await?;
        auth.verifier().claims::<C>(token, entry)
    };
    match claims.await {
        Ok((claims, _)) => Outcome::Success(claims),
        Err(error) => reject(request, error),
    }
}

//! The guards that know who calls.

use std::sync::Arc;

use rocket::request::{FromRequest, Outcome, Request};
use rocket::{Ignite, Rocket, Sentinel, async_trait};

use super::bearer::bearer;
use super::{abort_without_issuer, jwt_auth, refuse};
use crate::auth::Auth;
use crate::claims::Claims;
use crate::config::Revocation;
use crate::error::AuthError;
use crate::jwt_auth::JwtAuth;
use crate::verifier::Signatures;

#[async_trait]
impl<'r, C: Claims> FromRequest<'r> for Auth<C> {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        match authenticate::<C>(request).await {
            Ok(auth) => Outcome::Success(auth.clone()),
            Err(error) => refuse(request, error.clone()),
        }
    }
}

impl<C: Claims> Sentinel for Auth<C> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        abort_without_issuer::<Self, C>(rocket)
    }
}

/// The claims of the request's token as a `C`, read once for each such type.
pub(super) async fn authenticate<'r, C: Claims>(
    request: &'r Request<'_>,
) -> Result<&'r Auth<C>, &'r AuthError> {
    struct Cached<C>(Result<Auth<C>, AuthError>);

    request.local_cache_async(async { Cached(read(request).await) }).await.0.as_ref()
}

async fn read<C: Claims>(request: &Request<'_>) -> Result<Auth<C>, AuthError> {
    let (auth, token, signatures) = signatures::<C>(request).await?;
    let caller = auth.authenticate::<C>(token, signatures)?;
    // Sessions of others are none that the store could know.
    if auth.settings().revocation == Revocation::Strict && caller.is_ours() {
        check_session(request, &caller).await?;
    }
    Ok(caller)
}

/// The request's token, when the keys that it asks for as a `C` are at hand. Its signature is verified once, by the
/// keys of each issuer that it may be of.
#[cfg_attr(
    not(feature = "remote"),
    allow(clippy::extra_unused_type_parameters, reason = "only keys that are fetched depend on it")
)]
async fn signatures<'r, C: Claims>(
    request: &'r Request<'_>,
) -> Result<(&'r JwtAuth, &'r str, &'r Arc<Signatures>), AuthError> {
    let token = bearer(request)?.ok_or(AuthError::Unauthorized)?;
    let auth = jwt_auth(request)?;
    #[cfg(feature = "remote")]
    auth.fetch_keys_for::<C>(token).await?;
    Ok((auth, token, request.local_cache(|| auth.signatures(token))))
}

/// Asks the store about the session of the request's token, once.
pub(super) async fn check_session<C: Claims>(request: &Request<'_>, auth: &Auth<C>) -> Result<(), AuthError> {
    struct Cached(Result<(), AuthError>);

    let ask = async { Cached(async { jwt_auth(request)?.check_session(auth).await }.await) };
    request.local_cache_async(ask).await.0.clone()
}

/// A claims type as a guard, by reference.
pub(crate) async fn claims_by_ref<'r, C: Claims>(request: &'r Request<'_>) -> Outcome<&'r C, AuthError> {
    match authenticate::<C>(request).await {
        Ok(auth) => Outcome::Success(&**auth),
        Err(error) => refuse(request, error.clone()),
    }
}

/// A claims type as a guard. It is read anew from the payload that was verified: it need not be
/// `Clone`, and the policy keeps its own.
pub(crate) async fn claims_by_value<C: Claims>(request: &Request<'_>) -> Outcome<C, AuthError> {
    let anew = async {
        authenticate::<C>(request).await.map_err(AuthError::clone)?;
        let (auth, token, signatures) = signatures::<C>(request).await?;
        auth.authenticate_anew::<C>(token, signatures)
    };
    match anew.await {
        Ok(verified) => Outcome::Success(verified.claims),
        Err(error) => refuse(request, error),
    }
}

//! The guards that authenticate the caller.

use std::any::type_name;
use std::sync::Arc;

use rocket::request::{FromRequest, Outcome, Request};
use rocket::{Ignite, Rocket, Sentinel, async_trait};

use super::launch::abort_without_issuer;
use super::renewal::renew;
use super::state::{RequestState, jwt_auth, reject};
use super::token::{RequestToken, token};
use crate::auth::{Auth, Source};
use crate::claims::Claims;
use crate::error::{AuthError, InvalidToken};
use crate::jwt_auth::JwtAuth;
use crate::verify::CacheEntry;

#[async_trait]
impl<'r, C: Claims> FromRequest<'r> for Auth<C> {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        match authenticate::<C>(request).await {
            Ok(auth) => Outcome::Success(auth.clone()),
            Err(error) => reject(request, error),
        }
    }
}

impl<C: Claims> Sentinel for Auth<C> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        abort_without_issuer::<C>(type_name::<Self>(), rocket)
    }
}

/// Returns the claims of the request's token as a `C`. They are read once for each claims type.
pub(super) async fn authenticate<'r, C: Claims>(request: &'r Request<'_>) -> Result<&'r Auth<C>, AuthError> {
    let token = token(request)?.ok_or(AuthError::Unauthorized)?;
    let state = RequestState::of(request).token(token.source);
    let auth = state.authentication(request, token.source, || read(request, token)).await;
    auth.as_ref().map_err(AuthError::clone)
}

async fn read<C: Claims>(request: &Request<'_>, mut token: RequestToken<'_>) -> Result<Auth<C>, AuthError> {
    let mut auth = verify::<C>(request, token).await;
    if let Err(AuthError::InvalidToken(InvalidToken::Expired)) = auth
        && token.source == Source::Cookie
        && !token.is_renewed
        && let Some(renewed) = Box::pin(renew(request, token.text)).await?
    {
        token = renewed;
        auth = verify(request, token).await;
    }
    let (auth, jwt_auth) = (auth?, jwt_auth(request)?);
    jwt_auth.engine().check_with_store(&auth, async || check_session(request, &auth).await).await?;
    // The response with a renewed token may still be lost.
    if !token.is_renewed {
        jwt_auth.engine().confirm(&auth);
    }
    if token.source == Source::Cookie {
        RequestState::of(request).cookie_accepted.set();
    }
    Ok(auth)
}

async fn verify<C: Claims>(request: &Request<'_>, token: RequestToken<'_>) -> Result<Auth<C>, AuthError> {
    let (jwt_auth, entry) = prepare::<C>(request, token).await?;
    let auth = jwt_auth.verify_and_end_again::<C>(token.text, entry).await?;
    Ok(auth.with_source(token.source))
}

/// Returns what is known about the request's token, once the keys that it needs as a `C` are at hand.
#[cfg_attr(
    not(feature = "remote"),
    allow(clippy::extra_unused_type_parameters, reason = "only fetched keys depend on it")
)]
async fn prepare<'r, C: Claims>(
    request: &'r Request<'_>,
    token: RequestToken<'_>,
) -> Result<(&'r JwtAuth, &'r Arc<CacheEntry>), AuthError> {
    let (auth, state) = (jwt_auth(request)?, RequestState::of(request));
    #[cfg(feature = "remote")]
    auth.verifier().fetch_keys::<C>(token.text).await?;
    let entry = match state.renewed().filter(|_| token.is_renewed) {
        Some(renewed) => &renewed.entry,
        None => state.token(token.source).entry(|| auth.verifier().entry(token.text)),
    };
    Ok((auth, entry))
}

/// Asks the store about the session of the request's token, once.
pub(super) async fn check_session<C: Claims>(request: &Request<'_>, auth: &Auth<C>) -> Result<(), AuthError> {
    let check = async { jwt_auth(request)?.check_session(auth).await };
    RequestState::of(request).token(auth.source().unwrap_or(Source::Header)).session(check).await
}

/// The guard of a claims type by reference.
pub(crate) async fn claims_by_ref<'r, C: Claims>(request: &'r Request<'_>) -> Outcome<&'r C, AuthError> {
    match authenticate::<C>(request).await {
        Ok(auth) => Outcome::Success(&**auth),
        Err(error) => reject(request, error),
    }
}

/// The guard of a claims type by value. The claims are read again from the verified payload, because they need not be
/// `Clone`, and the policy keeps its own copy.
pub(crate) async fn claims_by_value<C: Claims>(request: &Request<'_>) -> Outcome<C, AuthError> {
    let claims = async {
        authenticate::<C>(request).await?;
        let token = token(request)?.ok_or(AuthError::Unauthorized)?;
        let (auth, entry) = prepare::<C>(request, token).await?;
        auth.verifier().claims::<C>(token.text, entry)
    };
    match claims.await {
        Ok((claims, _)) => Outcome::Success(claims),
        Err(error) => reject(request, error),
    }
}

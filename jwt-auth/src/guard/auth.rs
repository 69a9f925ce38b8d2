//! The guards that authenticate the caller.

use std::any::type_name;
use std::sync::Arc;

use rocket::request::{FromRequest, Outcome, Request};
use rocket::{Ignite, Rocket, Sentinel, async_trait};

use super::launch::abort_without_issuer;
use super::renewal::renew;
use super::state::{RequestState, jwt_auth, reject};
use super::token::{RequestToken, token};
use crate::auth::{AnyAuth, Auth, Source};
use crate::claims::Claims;
use crate::error::{AuthError, InvalidToken};
use crate::jwt_auth::JwtAuth;
use crate::verify::{CacheEntry, ClaimsType};

#[async_trait]
impl<'r, C: Claims> FromRequest<'r> for Auth<C> {
    type Error = AuthError;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, AuthError> {
        match authenticate::<C>(request).await {
            Ok(auth) => Outcome::Success(auth.clone().typed()),
            Err(error) => reject(request, error),
        }
    }
}

impl<C: Claims> Sentinel for Auth<C> {
    fn abort(rocket: &Rocket<Ignite>) -> bool {
        abort_without_issuer::<C>(type_name::<Self>(), rocket)
    }
}

/// Returns the claims of the request's token as a `C`. The result is kept for each claims type.
pub(super) async fn authenticate<'r, C: Claims>(request: &'r Request<'_>) -> Result<&'r AnyAuth, AuthError> {
    let token = token(request)?.ok_or(AuthError::Unauthorized)?;
    let state = RequestState::of(request);
    let known = state.token(token.source).authentication::<C>(request, token.source);
    let auth = match known.get() {
        Some(auth) => auth,
        None => {
            let auth = read(request, state, token, ClaimsType::of::<C>()).await;
            known.get_or_init(|| auth)
        }
    };
    auth.as_ref().map_err(AuthError::clone)
}

async fn read(
    request: &Request<'_>,
    state: &RequestState,
    mut token: RequestToken<'_>,
    claims: &ClaimsType,
) -> Result<AnyAuth, AuthError> {
    let jwt_auth = jwt_auth(request)?;
    let mut auth = verify(jwt_auth, state, token, claims).await;
    if let Err(AuthError::InvalidToken(InvalidToken::Expired)) = auth
        && token.source == Source::Cookie
        && !token.is_renewed
        && let Some(renewed) = Box::pin(renew(request, token.text)).await?
    {
        token = renewed;
        auth = verify(jwt_auth, state, token, claims).await;
    }
    let auth = auth?.with_source(token.source);
    jwt_auth.engine().check_with_store(&auth, async || check_session(request, &auth).await).await?;
    // The response with a renewed token may still be lost.
    if !token.is_renewed {
        jwt_auth.engine().confirm(&auth);
    }
    if token.source == Source::Cookie {
        state.cookie_accepted.set();
    }
    Ok(auth)
}

async fn verify(
    jwt_auth: &JwtAuth,
    state: &RequestState,
    token: RequestToken<'_>,
    claims: &ClaimsType,
) -> Result<AnyAuth, AuthError> {
    let entry = prepare(jwt_auth, state, token, claims).await?;
    jwt_auth.verify_and_end_again(token.text, entry, claims).await
}

/// Returns what is known about the request's token, once the keys that it needs are at hand.
#[cfg_attr(
    not(feature = "remote"),
    expect(unused_variables, clippy::unused_async, reason = "only fetched keys depend on the claims type")
)]
async fn prepare<'r>(
    jwt_auth: &JwtAuth,
    state: &'r RequestState,
    token: RequestToken<'_>,
    claims: &ClaimsType,
) -> Result<&'r Arc<CacheEntry>, AuthError> {
    let verifier = jwt_auth.verifier();
    #[cfg(feature = "remote")]
    verifier.fetch_keys(token.text, claims).await?;
    Ok(match state.renewed().filter(|_| token.is_renewed) {
        Some(renewed) => &renewed.entry,
        None => state.token(token.source).entry(|| verifier.entry(token.text)),
    })
}

/// Asks the store about the session of the request's token, once.
pub(super) async fn check_session(request: &Request<'_>, auth: &AnyAuth) -> Result<(), AuthError> {
    let check = async { jwt_auth(request)?.engine().check_session(auth).await };
    RequestState::of(request).token(auth.source().unwrap_or(Source::Header)).session(check).await
}

/// The guard of a claims type by reference.
pub(crate) async fn claims_by_ref<'r, C: Claims>(request: &'r Request<'_>) -> Outcome<&'r C, AuthError> {
    match authenticate::<C>(request).await {
        Ok(auth) => Outcome::Success(auth.claims()),
        Err(error) => reject(request, error),
    }
}

/// The guard of a claims type by value. The claims are read again from the verified payload, because they need not be
/// `Clone`, and the policy keeps its own copy.
pub(crate) async fn claims_by_value<C: Claims>(request: &Request<'_>) -> Outcome<C, AuthError> {
    let claims = async {
        authenticate::<C>(request).await?;
        let token = token(request)?.ok_or(AuthError::Unauthorized)?;
        let (jwt_auth, state) = (jwt_auth(request)?, RequestState::of(request));
        let entry = prepare(jwt_auth, state, token, ClaimsType::of::<C>()).await?;
        jwt_auth.verifier().claims::<C>(token.text, entry)
    };
    match claims.await {
        Ok((claims, _)) => Outcome::Success(claims),
        Err(error) => reject(request, error),
    }
}

//! `POST /login`.

use rocket::route::{BoxFuture, Outcome};
use rocket::{Data, Request};

use super::body::credentials;
use super::endpoint::{guard, throttle};
use super::reply::tokens;
use crate::error::AuthError;
use crate::family::Device;
use crate::guard::{SameOrigin, SignInAgain, Throttle, jwt_auth};
use crate::session::{SignIn, TokenPair, Users};

pub(super) fn login<'r, U: Users>(request: &'r Request<'_>, data: Data<'r>) -> BoxFuture<'r> {
    Box::pin(async move { respond::<U>(request, data).await.unwrap_or_else(|rejected| rejected) })
}

async fn respond<'r, U: Users>(request: &'r Request<'_>, data: Data<'r>) -> Result<Outcome<'r>, Outcome<'r>> {
    let (SameOrigin, data) = guard(request, data).await?;
    let (throttle, data) = throttle(request, data).await?;
    let (credentials, next) = credentials(request, data).await?;
    Ok(match (sign_in::<U>(request, &throttle, credentials).await, next) {
        (Ok(pair), next) => tokens(request, pair, next),
        (Err(error), None) => Outcome::from(request, error),
        (Err(error), Some(next)) => Outcome::from(request, SignInAgain(error, next)),
    })
}

async fn sign_in<U: Users>(
    request: &Request<'_>,
    throttle: &Throttle<'_>,
    credentials: U::Credentials,
) -> Result<TokenPair, AuthError> {
    let sign_in = check::<U>(request, throttle, credentials).await?;
    let device = request.guard::<Device>().await.succeeded().unwrap_or_default();
    jwt_auth(request)?.sign_in(sign_in, device).await
}

/// Checks the credentials of a user.
pub(super) async fn check<U: Users>(
    request: &Request<'_>,
    throttle: &Throttle<'_>,
    credentials: U::Credentials,
) -> Result<SignIn<U::Claims>, AuthError> {
    let users = jwt_auth(request)?.users_of::<U>();
    let users = users.ok_or_else(|| AuthError::internal("the fairing has other users"))?;
    let account = users.account(&credentials).to_owned();
    let check =
        async { users.sign_in(credentials, request).await.map_err(AuthError::of_sign_in)?.or_rejected() };
    throttle.attempt(&account, check).await
}

//! `POST /reauthenticate`.

use rocket::route::{BoxFuture, Outcome};
use rocket::{Data, Request};

use super::body::credentials;
use super::endpoint::{guard, throttle};
use super::reply::tokens;
use super::sign_in::check;
use super::with_token::{REFRESH_TOKEN, WithToken};
use crate::error::{AuthError, MalformedCredentials};
use crate::guard::{
    CurrentSession, SameOrigin, SignInAgain, Throttle, expire_if_ended, is_program, jwt_auth,
};
use crate::session::{TokenPair, Users};

pub(super) fn reauthenticate<'r, U: Users>(request: &'r Request<'_>, data: Data<'r>) -> BoxFuture<'r> {
    Box::pin(async move { respond::<U>(request, data).await.unwrap_or_else(|rejected| rejected) })
}

async fn respond<'r, U: Users>(request: &'r Request<'_>, data: Data<'r>) -> Result<Outcome<'r>, Outcome<'r>> {
    let (SameOrigin, data) = guard(request, data).await?;
    let (throttle, data) = throttle(request, data).await?;
    let session = CurrentSession::of(request).map_err(|error| Outcome::from(request, error))?;
    let (body, next) = credentials::<WithToken<U::Credentials>>(request, data).await?;
    let elevated = match (body.token.as_deref(), session.refresh_token()) {
        (Some(token), _) => sign_in_again::<U>(request, &throttle, token, body.credentials).await,
        (None, Some(token)) => {
            let elevated = sign_in_again::<U>(request, &throttle, token, body.credentials).await;
            if let Err(AuthError::InvalidGrant(why)) = &elevated {
                expire_if_ended(request, why);
            }
            elevated
        }
        (None, None) if is_program(request) => {
            Err(MalformedCredentials::WrongForm { field: Some(REFRESH_TOKEN.to_owned()) }.into())
        }
        (None, None) => Err(AuthError::Unauthorized),
    };
    Ok(match (elevated, next) {
        (Ok(pair), next) => tokens(request, pair, next),
        (Err(error), None) => Outcome::from(request, error),
        (Err(error), Some(next)) => Outcome::from(request, SignInAgain(error, next)),
    })
}

async fn sign_in_again<U: Users>(
    request: &Request<'_>,
    throttle: &Throttle<'_>,
    refresh_token: &str,
    credentials: U::Credentials,
) -> Result<TokenPair, AuthError> {
    let auth = jwt_auth(request)?;
    // A forged token does not get as far as a password hash.
    auth.check_signature_of_refresh_token(refresh_token)?;
    auth.sign_in_again(refresh_token, check::<U>(request, throttle, credentials).await?).await
}

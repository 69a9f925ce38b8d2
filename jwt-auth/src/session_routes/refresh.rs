//! `POST /refresh`.

use rocket::route::{BoxFuture, Outcome};
use rocket::{Data, Request};

use super::body::{Presented, refresh_token};
use super::endpoint::guard;
use super::reply::tokens;
use crate::error::AuthError;
use crate::guard::{CurrentSession, SameOrigin, expire_if_ended, is_program, jwt_auth};
use crate::session::TokenPair;

pub(super) fn refresh<'r>(request: &'r Request<'_>, data: Data<'r>) -> BoxFuture<'r> {
    Box::pin(async move { respond(request, data).await.unwrap_or_else(|rejected| rejected) })
}

async fn respond<'r>(request: &'r Request<'_>, data: Data<'r>) -> Result<Outcome<'r>, Outcome<'r>> {
    let (SameOrigin, data) = guard(request, data).await?;
    let session = CurrentSession::of(request).map_err(|error| Outcome::from(request, error))?;
    let Presented { token, next } = refresh_token(request, data).await?;
    let refreshed = match (&token, session.refresh_token()) {
        (Ok(token), _) => renew(request, token).await,
        (Err(_), Some(token)) => {
            let refreshed = renew(request, token).await;
            if let Err(AuthError::InvalidGrant(why)) = &refreshed {
                expire_if_ended(request, why);
            }
            refreshed
        }
        (Err(malformed), None) if is_program(request) => Err(malformed.clone().into()),
        (Err(_), None) => Err(AuthError::Unauthorized),
    };
    Ok(match refreshed {
        Ok(pair) => tokens(request, pair, next),
        Err(error) => Outcome::from(request, error),
    })
}

async fn renew(request: &Request<'_>, token: &str) -> Result<TokenPair, AuthError> {
    let auth = jwt_auth(request)?;
    let users = auth.users().ok_or_else(|| AuthError::internal("the fairing has no users"))?;
    users.renew(auth, token, request).await
}

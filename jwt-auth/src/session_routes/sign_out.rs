//! `POST /logout` and `POST /logout-all`.

use rocket::route::{BoxFuture, Outcome};
use rocket::{Data, Request};

use super::body::{Presented, next, refresh_token};
use super::endpoint::{guard, user};
use super::reply::Done;
use crate::auth::{Auth, Source};
use crate::claims::Claims;
use crate::error::AuthError;
use crate::guard::{CurrentSession, SameOrigin, SignedOut, is_program, jwt_auth};
use crate::session::Users;

pub(super) fn logout<'r>(request: &'r Request<'_>, data: Data<'r>) -> BoxFuture<'r> {
    Box::pin(async move { end_session(request, data).await.unwrap_or_else(|rejected| rejected) })
}

async fn end_session<'r>(request: &'r Request<'_>, data: Data<'r>) -> Result<Outcome<'r>, Outcome<'r>> {
    let (SameOrigin, data) = guard(request, data).await?;
    let session = CurrentSession::of(request).map_err(|error| Outcome::from(request, error))?;
    let Presented { token, next } = refresh_token(request, data).await?;
    let done = Done(next);
    Ok(match token {
        Ok(token) => Outcome::from(request, end(request, &session, &token).await.map(|out| out.with(done))),
        Err(malformed) if session.is_none() && is_program(request) => {
            Outcome::from(request, AuthError::from(malformed))
        }
        Err(_) => Outcome::from(request, sign_out(request, &session).await.map(|out| out.with(done))),
    })
}

/// Ends the session of a refresh token, which may be that of the browser's cookies.
async fn end(
    request: &Request<'_>,
    session: &CurrentSession<'_>,
    refresh_token: &str,
) -> Result<SignedOut, AuthError> {
    let auth = jwt_auth(request)?;
    auth.invalidate_refresh_token(refresh_token).await?;
    Ok(SignedOut::new(session.has_cookies_of(refresh_token, auth)))
}

async fn sign_out(request: &Request<'_>, session: &CurrentSession<'_>) -> Result<SignedOut, AuthError> {
    jwt_auth(request)?.sign_out(session).await
}

pub(super) fn logout_all<'r, U: Users>(request: &'r Request<'_>, data: Data<'r>) -> BoxFuture<'r> {
    Box::pin(async move { end_all_sessions::<U>(request, data).await.unwrap_or_else(|rejected| rejected) })
}

async fn end_all_sessions<'r, U: Users>(
    request: &'r Request<'_>,
    data: Data<'r>,
) -> Result<Outcome<'r>, Outcome<'r>> {
    let (user, data) = user::<U>(request, data).await?;
    let done = Done(next(request, data).await?);
    Ok(Outcome::from(request, end_all(request, &user).await.map(|out| out.with(done))))
}

async fn end_all<C: Claims>(request: &Request<'_>, user: &Auth<C>) -> Result<SignedOut, AuthError> {
    jwt_auth(request)?.revoke_subject_of(user.token().kind, &user.subject()).await?;
    Ok(SignedOut::new(user.source() == Some(Source::Cookie)))
}

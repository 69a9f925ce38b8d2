//! `GET /session`, and the routes under `/sessions`.

use rocket::http::Status;
use rocket::outcome::Outcome::{Error, Forward};
use rocket::route::{BoxFuture, Outcome};
use rocket::serde::json::Json;
use rocket::{Data, Request};
use serde::Serialize;
use uuid::Uuid;

use super::body::next;
use super::endpoint::user;
use super::reply::Done;
use crate::auth::{Auth, Source};
use crate::claims::Claims;
use crate::clock::Timestamp;
use crate::error::AuthError;
use crate::guard::{SignedOut, jwt_auth};
use crate::session::{Session, Users};

/// The user who is signed in.
#[derive(Serialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub(super) struct Current {
    /// The subject of the user.
    subject: String,
    /// How long the access token is valid, in seconds.
    expires_in: u64,
    /// When the user signed in, in seconds since 1970.
    #[cfg_attr(feature = "utoipa", schema(value_type = Option<u64>))]
    signed_in_at: Option<Timestamp>,
    /// The authentication context of the sign-in.
    acr: Option<String>,
}

/// A session in the user's list.
#[derive(Serialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
pub(super) struct ListedSession {
    #[serde(flatten)]
    session: Session,
    /// Whether the request has a token of this session.
    current: bool,
}

pub(super) fn session<'r, U: Users>(request: &'r Request<'_>, data: Data<'r>) -> BoxFuture<'r> {
    Box::pin(async move {
        match user::<U>(request, data).await {
            Ok((user, _)) => Outcome::from(request, current(request, &user).map(Json)),
            Err(rejected) => rejected,
        }
    })
}

fn current<C: Claims>(request: &Request<'_>, user: &Auth<C>) -> Result<Current, AuthError> {
    Ok(Current {
        subject: user.subject(),
        expires_in: user.expires_at().since(jwt_auth(request)?.now()).as_secs(),
        signed_in_at: user.signed_in_at(),
        acr: user.acr().map(str::to_owned),
    })
}

pub(super) fn sessions<'r, U: Users>(request: &'r Request<'_>, data: Data<'r>) -> BoxFuture<'r> {
    Box::pin(async move {
        match user::<U>(request, data).await {
            Ok((user, _)) => Outcome::from(request, list(request, &user).await.map(Json)),
            Err(rejected) => rejected,
        }
    })
}

async fn list<C: Claims>(request: &Request<'_>, user: &Auth<C>) -> Result<Vec<ListedSession>, AuthError> {
    let sessions = jwt_auth(request)?.sessions_of(user.token().kind, &user.subject()).await?;
    let current = user.session_id();
    let listed = |session: Session| ListedSession { current: Some(session.id) == current, session };
    Ok(sessions.into_iter().map(listed).collect())
}

pub(super) fn end_session<'r, U: Users>(request: &'r Request<'_>, data: Data<'r>) -> BoxFuture<'r> {
    Box::pin(async move { end_one::<U>(request, data).await.unwrap_or_else(|rejected| rejected) })
}

async fn end_one<'r, U: Users>(request: &'r Request<'_>, data: Data<'r>) -> Result<Outcome<'r>, Outcome<'r>> {
    let (user, data) = user::<U>(request, data).await?;
    let id = request.param::<&str>(1).and_then(|id| Uuid::parse_str(id.ok()?).ok());
    let Some(id) = id else { return Err(Forward((data, Status::UnprocessableEntity))) };
    let next = next(request, data).await?;
    let existed = match end(request, &user, id).await {
        Ok(existed) => existed,
        Err(error) => return Ok(Outcome::from(request, error)),
    };
    let is_own = user.session_id() == Some(id);
    Ok(match (is_own, existed, next) {
        // The session has ended, even if the store no longer had it.
        (true, _, next) => {
            let signed_out = SignedOut::new(user.source() == Some(Source::Cookie));
            Outcome::from(request, signed_out.with(Done(next)))
        }
        (false, false, None) => Error(Status::NotFound),
        (false, _, next) => Outcome::from(request, Done(next)),
    })
}

async fn end<C: Claims>(request: &Request<'_>, user: &Auth<C>, id: Uuid) -> Result<bool, AuthError> {
    jwt_auth(request)?.revoke_session_of(user.token().kind, &user.subject(), id).await
}

pub(super) fn end_other_sessions<'r, U: Users>(request: &'r Request<'_>, data: Data<'r>) -> BoxFuture<'r> {
    Box::pin(async move { end_others::<U>(request, data).await.unwrap_or_else(|rejected| rejected) })
}

async fn end_others<'r, U: Users>(
    request: &'r Request<'_>,
    data: Data<'r>,
) -> Result<Outcome<'r>, Outcome<'r>> {
    let (user, data) = user::<U>(request, data).await?;
    let done = Done(next(request, data).await?);
    let ended = async { jwt_auth(request)?.revoke_others(&user).await };
    Ok(Outcome::from(request, ended.await.map(|_| done)))
}

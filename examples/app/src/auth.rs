//! Signing in and out, and the sessions of a user.

use std::net::IpAddr;

use jwt_auth::{Auth, AuthError, Credentials, Device, JwtAuth, Session, TokenPair, public, require_auth};
use rocket::http::Status;
use rocket::serde::json::Json;
use rocket::serde::uuid::Uuid;
use rocket::{Route, delete, get, post};
use serde::{Deserialize, Serialize};

use crate::accounts::{self, User};

#[derive(Deserialize)]
struct Login {
    username: String,
    password: String,
    /// The user's name for this device.
    label: Option<String>,
}

#[public]
#[post("/login", data = "<login>")]
async fn login(
    login: Credentials<Login>,
    device: Device,
    ip: Option<IpAddr>,
    auth: &JwtAuth,
) -> Result<TokenPair, AuthError> {
    let Login { username, password, label } = login.into_inner();
    let user = accounts::sign_in(&username, password).await.ok_or(AuthError::InvalidCredentials)?;
    auth.generate_tokens(&user).device(device.with_label(label.as_deref()).with_ip(ip)).await
}

#[derive(Deserialize)]
struct RefreshToken {
    refresh_token: String,
}

#[public]
#[post("/refresh", data = "<body>")]
async fn refresh(body: Credentials<RefreshToken>, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    auth.refresh(&body.refresh_token, async |id: u64| accounts::find(id)).await
}

#[public]
#[post("/logout", data = "<body>")]
async fn logout(body: Credentials<RefreshToken>, auth: &JwtAuth) -> Result<Status, AuthError> {
    auth.invalidate_refresh_token(&body.refresh_token).await?;
    Ok(Status::NoContent)
}

/// Ends all sessions of the caller.
#[require_auth]
#[post("/logout-all")]
async fn logout_all(user: Auth<User>, auth: &JwtAuth) -> Result<Status, AuthError> {
    auth.revoke_subject::<User>(user.id).await?;
    Ok(Status::NoContent)
}

#[derive(Serialize)]
struct ListedSession {
    #[serde(flatten)]
    session: Session,
    /// Whether the request came with a token of this session.
    current: bool,
}

/// Lists the sessions of the caller.
#[require_auth]
#[get("/sessions")]
async fn sessions(user: Auth<User>, auth: &JwtAuth) -> Result<Json<Vec<ListedSession>>, AuthError> {
    let current = user.session_id();
    let listed = |session: Session| ListedSession { current: Some(session.id) == current, session };
    Ok(Json(auth.sessions::<User>(user.id).await?.into_iter().map(listed).collect()))
}

/// Ends a session of the caller.
#[require_auth]
#[delete("/sessions/<id>")]
async fn end_session(id: Uuid, user: Auth<User>, auth: &JwtAuth) -> Result<Status, AuthError> {
    let existed = auth.revoke_session::<User>(user.id, id).await?;
    // The caller's own session has ended now, even if the store had lost it.
    let ended = existed || user.session_id() == Some(id);
    Ok(if ended { Status::NoContent } else { Status::NotFound })
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![login, refresh, logout, logout_all, sessions, end_session]
}

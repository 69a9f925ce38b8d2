//! Signing in and out, and the sessions of a user.

use std::net::IpAddr;

use jwt_auth::{Auth, AuthError, Credentials, Device, JwtAuth, Session, TokenPair, public, require_auth};
use rocket::http::Status;
use rocket::serde::json::Json;
use rocket::{Route, delete, get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::accounts::{self, User};

#[derive(Deserialize, ToSchema)]
struct Login {
    username: String,
    password: String,
    /// What the user calls this device.
    label: Option<String>,
}

#[derive(Deserialize, ToSchema)]
struct Refresh {
    refresh_token: String,
}

/// Sign in
#[public]
#[utoipa::path(
    tag = "auth",
    request_body = Login,
    responses(
        (status = 200, body = TokenPair),
        (status = 401, description = "Invalid username or password.", body = AuthError),
        (status = 503, description = "The store is away: try again.", body = AuthError),
    )
)]
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

/// Exchange a refresh token for a new pair
#[public]
#[utoipa::path(
    tag = "auth",
    request_body = Refresh,
    responses(
        (status = 200, body = TokenPair),
        (status = 401, description = "The session has ended: sign in again.", body = AuthError),
        (status = 503, description = "The store is away: try again with the same token.", body = AuthError),
    )
)]
#[post("/refresh", data = "<body>")]
async fn refresh(body: Credentials<Refresh>, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    auth.refresh(&body.refresh_token, async |id: u64| accounts::find(id)).await
}

/// Sign out
#[public]
#[utoipa::path(
    tag = "auth",
    request_body = Refresh,
    responses(
        (status = 204, description = "The session has ended."),
        (status = 503, description = "The store is away: try again.", body = AuthError),
    )
)]
#[post("/logout", data = "<body>")]
async fn logout(body: Credentials<Refresh>, auth: &JwtAuth) -> Result<Status, AuthError> {
    auth.invalidate_refresh_token(&body.refresh_token).await?;
    Ok(Status::NoContent)
}

/// Sign out everywhere
#[require_auth]
#[utoipa::path(
    tag = "auth",
    responses(
        (status = 204, description = "All sessions of the caller have ended."),
        (status = 503, description = "The store is away: try again.", body = AuthError),
    )
)]
#[post("/logout-all")]
async fn logout_all(user: Auth<User>, auth: &JwtAuth) -> Result<Status, AuthError> {
    auth.revoke_subject::<User>(user.id).await?;
    Ok(Status::NoContent)
}

#[derive(Serialize, ToSchema)]
struct ListedSession {
    #[serde(flatten)]
    session: Session,
    /// Whether this request came with a token of it.
    current: bool,
}

/// Where the caller is signed in
#[require_auth]
#[utoipa::path(
    tag = "auth",
    responses(
        (status = 200, body = [ListedSession]),
        (status = 503, description = "The store is away: try again.", body = AuthError),
    )
)]
#[get("/sessions")]
async fn sessions(user: Auth<User>, auth: &JwtAuth) -> Result<Json<Vec<ListedSession>>, AuthError> {
    let current = user.session_id();
    let sessions = auth.sessions::<User>(user.id).await?.into_iter();
    Ok(Json(
        sessions.map(|session| ListedSession { current: Some(session.id) == current, session }).collect(),
    ))
}

/// End a session of the caller
#[require_auth]
#[utoipa::path(
    tag = "auth",
    responses(
        (status = 204, description = "It has ended."),
        (status = 404, description = "The caller has none of this id.", body = AuthError),
        (status = 422, description = "This is no id.", body = AuthError),
        (status = 503, description = "The store is away: try again.", body = AuthError),
    )
)]
#[delete("/sessions/<id>")]
async fn end_session(id: Uuid, user: Auth<User>, auth: &JwtAuth) -> Result<Status, AuthError> {
    let existed = auth.revoke_session::<User>(user.id, id).await?;
    // The caller's own session has ended, even if the store had lost it.
    match existed || user.session_id() == Some(id) {
        true => Ok(Status::NoContent),
        false => Ok(Status::NotFound),
    }
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![login, refresh, logout, logout_all, sessions, end_session]
}

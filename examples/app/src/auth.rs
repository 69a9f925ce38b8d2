//! Signing in and out, and the sessions of a user.

use std::net::IpAddr;

use jwt_auth::{Auth, AuthError, Credentials, Device, JwtAuth, Session, TokenPair, public, require_auth};
use rocket::http::Status;
use rocket::serde::json::Json;
use rocket::{Route, delete, get, post};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::accounts::{self, User};

#[derive(Deserialize)]
struct Login {
    username: String,
    password: String,
    /// What the user calls this device.
    label: Option<String>,
}

#[derive(Deserialize)]
struct Refresh {
    refresh_token: String,
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

#[public]
#[post("/refresh", data = "<body>")]
async fn refresh(body: Credentials<Refresh>, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    auth.refresh(&body.refresh_token, async |id: u64| accounts::find(id)).await
}

#[public]
#[post("/logout", data = "<body>")]
async fn logout(body: Credentials<Refresh>, auth: &JwtAuth) -> Result<Status, AuthError> {
    auth.invalidate_refresh_token(&body.refresh_token).await?;
    Ok(Status::NoContent)
}

#[require_auth]
#[post("/logout-all")]
async fn logout_all(user: Auth<User>, auth: &JwtAuth) -> Result<Status, AuthError> {
    auth.revoke_subject(user.id).await?;
    Ok(Status::NoContent)
}

#[derive(Serialize)]
struct ListedSession {
    #[serde(flatten)]
    session: Session,
    /// Whether this request came with a token of it.
    current: bool,
}

#[require_auth]
#[get("/sessions")]
async fn sessions(user: Auth<User>, auth: &JwtAuth) -> Result<Json<Vec<ListedSession>>, AuthError> {
    let current = user.session_id();
    let sessions = auth.sessions(user.id).await?.into_iter();
    Ok(Json(
        sessions.map(|session| ListedSession { current: Some(session.id) == current, session }).collect(),
    ))
}

#[require_auth]
#[delete("/sessions/<id>")]
async fn end_session(id: Uuid, user: Auth<User>, auth: &JwtAuth) -> Result<Status, AuthError> {
    match auth.revoke_session(user.id, id).await? {
        true => Ok(Status::NoContent),
        false => Ok(Status::NotFound),
    }
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![login, refresh, logout, logout_all, sessions, end_session]
}

//! Signing in, and tokens for programs.

use jwt_auth::{Auth, AuthError, Credentials, JwtAuth, TokenPair, public, require_auth};
use rocket::http::Header;
use rocket::{Responder, Route, post};
use serde::Deserialize;

use crate::accounts::{self, Member, Role};

#[derive(Deserialize)]
struct Login {
    username: String,
    password: String,
}

#[derive(Deserialize)]
struct Refresh {
    refresh_token: String,
}

#[public]
#[post("/login", data = "<login>")]
async fn login(login: Credentials<Login>, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    let Login { username, password } = login.into_inner();
    let member = accounts::sign_in(&username, password).await.ok_or(AuthError::InvalidCredentials)?;
    auth.generate_tokens(&member).await
}

/// A refresh is no sign-in: what asks for a fresh one goes on asking.
#[public]
#[post("/refresh", data = "<body>")]
async fn refresh(body: Credentials<Refresh>, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    auth.refresh(&body.refresh_token, async |id: u64| accounts::find(id)).await
}

/// A token for a program that reads. Programs hold no role, so none can get itself another.
#[require_auth(role = Role::Reader)]
#[post("/program-token")]
fn program_token(member: Auth<Member>, auth: &JwtAuth) -> Result<ProgramToken, AuthError> {
    let token = auth.create_access_token(&member.program("pages:read"))?;
    Ok(ProgramToken { token, cache_control: Header::new("Cache-Control", "no-store") })
}

/// A token as text, which no cache may keep (RFC 6749, section 5.1). A `TokenPair` says so itself.
#[derive(Responder)]
struct ProgramToken {
    token: String,
    cache_control: Header<'static>,
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![login, refresh, program_token]
}

//! Signing in, and tokens for programs.

use jwt_auth::{Auth, AuthError, Credentials, JwtAuth, TokenPair, public, require_auth};
use rocket::http::{Header, Status};
use rocket::{Responder, Route, State, post};
use serde::Deserialize;

use crate::accounts::{self, Member, Role};
use crate::programs::Programs;

#[derive(Deserialize)]
struct Login {
    username: String,
    password: String,
}

#[derive(Deserialize)]
struct RefreshToken {
    refresh_token: String,
}

#[public]
#[post("/login", data = "<login>")]
async fn login(login: Credentials<Login>, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    let Login { username, password } = login.into_inner();
    let member = accounts::sign_in(&username, password).await.ok_or(AuthError::InvalidCredentials)?;
    auth.generate_tokens(&member).await
}

/// A refresh is not a sign-in, so it does not satisfy `fresh`.
#[public]
#[post("/refresh", data = "<body>")]
async fn refresh(body: Credentials<RefreshToken>, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    auth.refresh(&body.refresh_token, async |id: u64| accounts::find(id)).await
}

/// Returns a token for a program of the caller. It can only read: without a role, it cannot get further tokens.
#[require_auth(role = Role::Reader)]
#[post("/programs/<name>/token")]
async fn program_token(
    name: &str,
    member: Auth<Member>,
    auth: &JwtAuth,
    programs: &State<Programs>,
) -> Result<ProgramToken, AuthError> {
    let token = auth.create_access_token(&member.program("pages:read")).await?;
    programs.add(member.id, name, auth.verify::<Member>(&token)?.token_id());
    Ok(ProgramToken { token, cache_control: Header::new("Cache-Control", "no-store") })
}

/// Revokes all tokens of a program of the caller, and no others.
#[require_auth(role = Role::Reader)]
#[post("/programs/<name>/revoke")]
async fn revoke_program(
    name: &str,
    member: Auth<Member>,
    auth: &JwtAuth,
    programs: &State<Programs>,
) -> Result<Status, AuthError> {
    for token in programs.tokens_of(member.id, name) {
        auth.revoke_access_token(token).await?;
        programs.remove(member.id, name, token);
    }
    Ok(Status::NoContent)
}

/// A token as text. No cache may store it (RFC 6749, section 5.1); `TokenPair` sets this header itself.
#[derive(Responder)]
struct ProgramToken {
    token: String,
    cache_control: Header<'static>,
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![login, refresh, program_token, revoke_program]
}

//! Tokens of programs. Each has a session of its own, with the name of the program as its label, so the app needs no list
//! of tokens.

use jwt_auth::{Auth, AuthError, JwtAuth, require_auth};
use rocket::http::{Header, Status};
use rocket::serde::json::Json;
use rocket::{Responder, Route, get, post};
use serde::Serialize;

use crate::accounts::{Member, Role};

/// Returns a token for a program of the caller. It can only read: without a role, it cannot get further tokens.
#[require_auth(role = Role::Reader)]
#[post("/programs/<name>/token")]
async fn create_token(name: &str, member: Auth<Member>, auth: &JwtAuth) -> Result<ProgramToken, AuthError> {
    let program = member.program("pages:read");
    let token = auth.create_access_token(&program).ttl("90d").label(name).await?;
    Ok(ProgramToken { token, cache_control: Header::new("Cache-Control", "no-store") })
}

/// Lists the tokens of the caller's programs.
#[require_auth(role = Role::Reader)]
#[get("/programs")]
async fn list(member: Auth<Member>, auth: &JwtAuth) -> Result<Json<Vec<Program>>, AuthError> {
    let sessions = auth.sessions::<Member>(member.id).await?;
    let tokens = sessions.into_iter().filter(|session| !session.refreshable);
    let program = |name, expires_at: u64| Program { name, expires_at };
    Ok(Json(tokens.filter_map(|token| Some(program(token.label?, token.ends_at.as_secs()))).collect()))
}

/// Revokes all tokens of a program of the caller, and no others.
#[require_auth(role = Role::Reader)]
#[post("/programs/<name>/revoke")]
async fn revoke(name: &str, member: Auth<Member>, auth: &JwtAuth) -> Result<Status, AuthError> {
    for session in auth.sessions::<Member>(member.id).await? {
        if !session.refreshable && session.label.as_deref() == Some(name) {
            auth.revoke_session::<Member>(member.id, session.id).await?;
        }
    }
    Ok(Status::NoContent)
}

/// A token as text. No cache may store it (RFC 6749, section 5.1); `TokenPair` sets this header itself.
#[derive(Responder)]
struct ProgramToken {
    token: String,
    cache_control: Header<'static>,
}

/// A token of a program, in the list.
#[derive(Serialize)]
struct Program {
    name: String,
    /// In seconds since 1970.
    expires_at: u64,
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![create_token, list, revoke]
}

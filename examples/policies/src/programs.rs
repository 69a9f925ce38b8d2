//! Tokens of programs. Each has a session of its own, with the name of the program as its label, so the app needs no list
//! of tokens.

use jwt_auth::{Auth, AuthError, Device, JwtAuth, require_auth};
use rocket::http::{Header, Status};
use rocket::request::FromParam;
use rocket::serde::json::Json;
use rocket::{Responder, Route, get, post};
use serde::Serialize;

use crate::accounts::{Member, Role};

/// Returns a token for a program of the caller. It can only read: without a role, it cannot get further tokens.
#[require_auth(role = Role::Reader)]
#[post("/programs/<name>/token")]
async fn create_token(
    name: Name<'_>,
    member: Auth<Member>,
    auth: &JwtAuth,
) -> Result<ProgramToken, AuthError> {
    let program = member.program("pages:read");
    let token = auth.create_access_token(&program).ttl("90d").label(name.0).on_behalf_of(&member).await?;
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

/// Revokes all tokens of a program of the caller, and no others. If it has none, the response is 404.
#[require_auth(role = Role::Reader)]
#[post("/programs/<name>/revoke")]
async fn revoke(name: Name<'_>, member: Auth<Member>, auth: &JwtAuth) -> Result<Status, AuthError> {
    let mut status = Status::NotFound;
    for session in auth.sessions::<Member>(member.id).await? {
        if !session.refreshable && session.label.as_deref() == Some(name.0) {
            auth.revoke_session::<Member>(member.id, session.id).await?;
            status = Status::NoContent;
        }
    }
    Ok(status)
}

/// The name of a program, which is the label of its tokens. A name that would be stored in another form, because it is too
/// long or has control characters, is refused with 422: its tokens could not be found by it, or would be revoked together
/// with those of another program.
struct Name<'r>(&'r str);

impl<'r> FromParam<'r> for Name<'r> {
    type Error = &'r str;

    fn from_param(name: &'r str) -> Result<Self, &'r str> {
        match Device::default().with_label(name).label() == Some(name) {
            true => Ok(Self(name)),
            false => Err(name),
        }
    }
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

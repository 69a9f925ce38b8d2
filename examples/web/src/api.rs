//! JSON routes for scripts and programs.

use jwt_auth::{Auth, MaybeAuth, require_auth};
use rocket::serde::json::Json;
use rocket::{Route, get};
use serde::Serialize;

use crate::accounts::User;

/// Returns the caller.
#[require_auth]
#[get("/me")]
fn me(user: Auth<User>) -> Json<Auth<User>> {
    Json(user)
}

#[derive(Serialize)]
struct Visitor {
    user: Option<Auth<User>>,
}

/// Returns the user who is signed in, if any. For an anonymous visitor, a 401 would appear in the browser's console.
#[require_auth(optional)]
#[get("/whoami")]
fn whoami(user: MaybeAuth<User>) -> Json<Visitor> {
    Json(Visitor { user: user.into_inner() })
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![me, whoami]
}

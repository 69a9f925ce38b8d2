//! Protected routes, and the public keys.

use jwt_auth::{Auth, Jwks, JwtAuth, public, require_auth};
use rocket::serde::json::Json;
use rocket::{Route, get};

use crate::accounts::{self, Role, User};

/// Returns the caller.
#[require_auth]
#[get("/me")]
fn me(user: Auth<User>) -> Json<Auth<User>> {
    Json(user)
}

/// Returns all users.
#[require_auth(User, role = Role::Admin)]
#[get("/admin")]
fn admin() -> Json<Vec<User>> {
    Json(accounts::all())
}

/// Returns a user, to that user and to admins.
#[require_auth(User, any(role = Role::Admin, check = |user, id: u64| user.id == id))]
#[get("/users/<id>")]
fn user(id: u64) -> Option<Json<User>> {
    accounts::find(id).map(Json)
}

/// Returns the public keys, for services that verify the access tokens of this app.
#[public]
#[get("/.well-known/jwks.json")]
fn jwks(auth: &JwtAuth) -> Jwks {
    auth.jwks()
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![me, admin, user, jwks]
}

//! What users see once they are signed in.

use jwt_auth::{Auth, Jwks, JwtAuth, public, require_auth};
use rocket::serde::json::Json;
use rocket::{Route, get};

use crate::accounts::{self, Role, User};

#[require_auth]
#[get("/me")]
fn me(user: Auth<User>) -> Json<Auth<User>> {
    Json(user)
}

#[require_auth(User, role = Role::Admin)]
#[get("/admin")]
fn admin() -> Json<Vec<User>> {
    Json(accounts::all())
}

#[require_auth(User, any(role = Role::Admin, check = |user, id: u64| user.id == id))]
#[get("/users/<id>")]
fn user(id: u64) -> Option<Json<User>> {
    accounts::find(id).map(Json)
}

#[public]
#[get("/.well-known/jwks.json")]
fn jwks(auth: &JwtAuth) -> Jwks {
    auth.jwks()
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![me, admin, user, jwks]
}

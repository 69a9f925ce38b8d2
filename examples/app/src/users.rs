//! What users see once they are signed in.

use jwt_auth::{Auth, AuthError, Jwks, JwtAuth, public, require_auth};
use rocket::serde::json::Json;
use rocket::{Route, get};

use crate::accounts::{self, Role, User};

/// The caller
#[require_auth]
#[utoipa::path(tag = "users", responses((status = 200, body = User)))]
#[get("/me")]
fn me(user: Auth<User>) -> Json<Auth<User>> {
    Json(user)
}

/// All users
#[require_auth(User, role = Role::Admin)]
#[utoipa::path(tag = "users", responses((status = 200, body = [User])))]
#[get("/admin")]
fn admin() -> Json<Vec<User>> {
    Json(accounts::all())
}

/// A user
#[require_auth(User, any(role = Role::Admin, check = |user, id: u64| user.id == id))]
#[utoipa::path(
    tag = "users",
    responses(
        (status = 200, body = User),
        (status = 404, description = "There is none.", body = AuthError),
        (status = 422, description = "This is no id.", body = AuthError),
    )
)]
#[get("/users/<id>")]
fn user(id: u64) -> Option<Json<User>> {
    accounts::find(id).map(Json)
}

/// The public keys
#[public]
#[utoipa::path(tag = "auth", responses((status = 200, body = Jwks)))]
#[get("/.well-known/jwks.json")]
fn jwks(auth: &JwtAuth) -> Jwks {
    auth.jwks()
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![me, admin, user, jwks]
}

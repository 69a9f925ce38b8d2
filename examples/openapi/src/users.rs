//! Routes with different access rules. The document has their `security`, and the 400, 401, 403 and 503 of the rule.

use jwt_auth::{Auth, AuthError, MaybeAuth, require_auth};
use rocket::serde::json::Json;
use rocket::{Route, get};
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::{self, Role, User};

/// Greets the caller, who may be anonymous.
#[require_auth(optional)]
#[utoipa::path(tag = "users", responses((status = 200, body = String)))]
#[get("/greeting")]
fn greeting(user: MaybeAuth<User>) -> String {
    format!("Hello, {}!", user.as_ref().map_or("stranger", |user| &user.username))
}

/// Returns the caller.
#[require_auth]
#[utoipa::path(tag = "users", responses((status = 200, body = User)))]
#[get("/me")]
fn me(user: Auth<User>) -> Json<Auth<User>> {
    Json(user)
}

/// Returns a user, to that user and to admins.
#[require_auth(User, any(role = Role::Admin, check = |user, id: u64| user.id == id))]
#[utoipa::path(
    tag = "users",
    responses(
        (status = 200, body = User),
        (status = 404, description = "There is no such user.", body = AuthError),
        (status = 422, description = "The id is not a number.", body = AuthError),
    )
)]
#[get("/users/<id>")]
fn user(id: u64) -> Option<Json<User>> {
    accounts::find(id).map(Json)
}

/// Returns all users. `strict` asks the store whether the session is still alive.
#[require_auth(User, role = Role::Admin, strict)]
#[utoipa::path(tag = "users", responses((status = 200, body = [User])))]
#[get("/users")]
fn users() -> Json<Vec<User>> {
    Json(accounts::all())
}

#[derive(Serialize, ToSchema)]
struct Statistics {
    users: usize,
}

/// Returns the number of users.
#[require_auth(User, scope = "statistics:read")]
#[utoipa::path(tag = "users", responses((status = 200, body = Statistics)))]
#[get("/statistics")]
fn statistics() -> Json<Statistics> {
    Json(Statistics { users: accounts::all().len() })
}

pub fn routes() -> Vec<Route> {
    jwt_auth::routes![greeting, me, user, users, statistics]
}

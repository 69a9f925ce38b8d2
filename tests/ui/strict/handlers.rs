//! `#[require_auth]` and `#[policy]` under the lints that Rocket's own route attribute passes.
#![allow(clippy::must_use_candidate, clippy::needless_pass_by_value)]

use jwt_auth::{Auth, Claims, policy, require_auth};
use rocket::{Route, State, get};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<String>,
}

#[policy(User, role = "editor", not(check = |user, least: &State<u64>| user.id < **least))]
struct CanEdit;

#[require_auth(policy = CanEdit, check = |user, id| user.id == id, fresh = "5m", strict)]
#[get("/<id>")]
fn edit(id: u64, user: Auth<User>) -> String {
    format!("{id} {}", user.roles.join(" "))
}

#[require_auth(User, optional)]
#[get("/")]
fn index() {}

/// All routes.
pub fn routes() -> Vec<Route> {
    jwt_auth::routes![edit, index]
}

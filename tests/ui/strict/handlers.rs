//! `#[require_auth]` and `#[policy]` under the lints that Rocket's own route attribute passes.
#![allow(clippy::must_use_candidate, clippy::needless_pass_by_value)]

use jwt_auth::{Auth, Claims, MaybeAuth, policy, require_auth};
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

/// Users who own what the route is about.
#[policy(User, check = |user, id, name| user.id == id || user.roles.iter().any(|role| role == name))]
struct Owns {
    /// The id of the owner.
    id: u64,
    name: &str,
}

#[require_auth(policy = Owns(id, name))]
#[get("/owned/<name>?<id>")]
fn owned(id: u64, name: &str) -> String {
    format!("{id} {name}")
}

#[require_auth(policy = CanEdit, check = |user, id| user.id == id, fresh = "5m", strict)]
#[get("/<id>")]
fn edit(id: u64, user: Auth<User>) -> String {
    format!("{id} {}", user.roles.join(" "))
}

#[require_auth(User, optional)]
#[get("/")]
fn index() {}

/// A public route whose claims are private.
#[require_auth(User)]
#[get("/public")]
pub fn public(user: Auth<User>) -> String {
    user.id.to_string()
}

/// As many parameters as Clippy allows.
#[require_auth(User)]
#[get("/<_a>/<_b>/<_c>/<_d>/<_e>/<_f>/<_g>")]
pub fn seven(_a: u8, _b: u8, _c: u8, _d: u8, _e: u8, _f: u8, _g: u8) {}

/// Another attribute refers to a parameter by its name.
#[require_auth(User)]
#[get("/traced")]
#[tracing::instrument(skip(user))]
async fn traced(user: Auth<User>) -> String {
    std::future::ready(user.id.to_string()).await
}

/// As above, for a caller who may be anonymous.
#[require_auth(User, optional)]
#[tracing::instrument(skip_all, fields(known = user.is_some()))]
#[get("/maybe")]
fn maybe_traced(user: MaybeAuth<User>) {
    drop(user);
}

/// All routes.
pub fn routes() -> Vec<Route> {
    jwt_auth::routes![edit, owned, index, public, seven, traced, maybe_traced]
}

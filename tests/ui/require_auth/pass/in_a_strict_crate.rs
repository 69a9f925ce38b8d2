//! Under lints that real crates turn on. Those that Rocket's own route attribute does not pass are left out.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub, unused_qualifications)]
#![deny(elided_lifetimes_in_paths, non_ascii_idents, let_underscore_drop, unused_results)]
#![deny(clippy::all, clippy::pedantic)]
#![allow(clippy::must_use_candidate, clippy::needless_pass_by_value)]

use jwt_auth::{Auth, Claims, policy, require_auth};
use rocket::{State, get};
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

fn main() {
    assert_eq!(jwt_auth::routes![edit, index].len(), 2);
}

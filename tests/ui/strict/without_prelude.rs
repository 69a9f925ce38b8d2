//! Handlers without a prelude, except for the names that Rocket's own attributes need.
#![no_implicit_prelude]
#![allow(clippy::must_use_candidate, clippy::needless_pass_by_value)]

extern crate std;

use ::jwt_auth::{Auth, Claims, MaybeAuth, policy, public, require_auth};
use ::rocket::{Route, get};
use ::serde::{Deserialize, Serialize};
use std::convert::Into as _;
use std::option::Option::None;
use std::string::String;
use std::vec::Vec;

#[derive(Claims, Serialize, Deserialize)]
#[claims(version = 2, upgrade(1 = from_v1), roles = access.roles)]
struct User {
    #[claims(subject)]
    id: u64,
    access: Access,
    #[claims(scope)]
    scope: String,
}

#[derive(Serialize, Deserialize)]
struct Access {
    roles: Vec<String>,
}

#[derive(Claims, Serialize, Deserialize)]
struct First {
    #[claims(subject)]
    id: u64,
}

fn from_v1(first: First) -> User {
    User { id: first.id, access: Access { roles: Vec::new() }, scope: String::new() }
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(audience = "devices")]
struct Device {
    #[claims(subject)]
    id: u64,
    #[claims(scope)]
    scope: Vec<String>,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(scope)]
enum Caller {
    User(User),
    Device(Device),
}

#[policy(User, any(role = "editor", scope = "edit"))]
struct CanEdit;

#[require_auth(policy = CanEdit, check = |user, id: u64| user.id == id, fresh = "5m")]
#[get("/<id>")]
fn edit(id: u64, user: Auth<User>) {
    std::assert_eq!(id, user.id);
}

#[require_auth(optional)]
#[get("/maybe")]
fn maybe(caller: MaybeAuth<Caller>) {
    std::mem::drop(caller);
}

#[public]
#[get("/")]
fn index() {}

/// All routes.
pub fn routes() -> Vec<Route> {
    ::jwt_auth::routes![edit, maybe, index]
}

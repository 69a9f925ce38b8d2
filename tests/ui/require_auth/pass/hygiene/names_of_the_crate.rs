//! Items of the user that have the same names as items and parameters in generated code.
#![deny(warnings)]
#![allow(non_camel_case_types)]

extern crate jwt_auth as auth;

use rocket::get;
use serde::{Deserialize, Serialize};

mod jwt_auth {}
mod core {}

struct Requirement;
struct Policy;
struct Authorized;
struct State;
trait FromRequest {}
enum Result {}
type bool = ::core::primitive::bool;

#[derive(auth::Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<String>,
    #[claims(scope)]
    scope: String,
}

#[allow(non_upper_case_globals)]
const claims: &str = "claims";

#[auth::require_auth(User, any(
    role = claims,
    scope = "a",
    check = |__claims, __request, answer: &rocket::State<u8>| __claims.id == __request && **answer == 1,
))]
#[get("/<__request>")]
fn shadowed(__request: u64, answer: &rocket::State<u8>) -> String {
    format!("{__request} {answer}")
}

mod parameters {
    use super::auth;

    #[auth::require_auth(super::User, check = |user, claims: &str, request: u64, __claims: u64| {
        user.scope == claims && user.id == request && request == __claims
    })]
    #[rocket::get("/parameters/<claims>/<request>?<__claims>")]
    pub fn parameters(
        claims: &str,
        request: u64,
        __claims: u64,
        __authorized: auth::Auth<super::User>,
    ) -> String {
        format!("{claims} {request} {__claims} {}", __authorized.id)
    }
}

#[auth::require_auth(User, check = apply)]
#[get("/")]
fn apply_is_theirs() {}

fn apply(user: &User) -> bool {
    user.id == 7
}

mod handlers {
    pub mod deeper {
        use super::super::auth;

        #[auth::require_auth(super::super::User, check = |user, id: u64| user.id == id)]
        #[rocket::get("/deeper/<id>")]
        pub fn handler(id: u64) -> String {
            id.to_string()
        }
    }
}

#[cfg(any())]
#[auth::require_auth(Nothing, check = nothing)]
#[get("/absent")]
fn absent(_: Nothing) {}

#[cfg_attr(all(), auth::require_auth(User, check = |user, id| user.id == id))]
#[cfg_attr(all(), get("/conditional/<id>"))]
#[cfg_attr(any(), get("/conditional/<other>/<id>"))]
fn conditional(id: u64) -> String {
    id.to_string()
}

#[test]
fn equal_names_do_not_clash() {
    let routes = auth::routes![
        shadowed,
        parameters::parameters,
        apply_is_theirs,
        handlers::deeper::handler,
        conditional,
    ];
    assert_eq!(routes.len(), 5);
}

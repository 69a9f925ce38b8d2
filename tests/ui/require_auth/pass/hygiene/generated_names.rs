//! Variables, constants, statics, labels and macros of the user that have the same names as generated ones.
#![deny(warnings)]
#![allow(non_camel_case_types, non_upper_case_globals, unused_macros)]

use jwt_auth::{Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

const claims: u64 = 1;
const request: u64 = 2;
static ranks: u64 = 3;
const answer: u64 = 4;
const guard: u64 = 5;

macro_rules! vec {
    () => {};
}
macro_rules! matches {
    () => {};
}

mod __private {}
mod policy {}

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    role: u64,
}

#[require_auth(
    User,
    any(
        role = claims,
        role = request + ranks,
        all(role = answer, check = |__claims, __jwt_auth: u64| {
            let (__request, __ranks) = (__claims.id, __jwt_auth);
            __request == __ranks + claims + guard
        }),
    )
)]
#[get("/<__jwt_auth>")]
fn handler(__jwt_auth: u64) -> String {
    let (__jwt_auth_authorized, __claims, __request) = (claims, request, __jwt_auth);
    let __authorized = __jwt_auth_authorized + __claims + __request;
    '__request: loop {
        break '__request;
    }
    __authorized.to_string()
}

#[test]
fn equal_names_do_not_clash() {
    let __routes = 1;
    let __handler = 2;
    assert_eq!(jwt_auth::routes![handler].len(), __handler - __routes);
}

//! The words `header`, `cookie` and `cross_origin`.
#![deny(warnings)]

use jwt_auth::{Auth, Claims, MaybeAuth, RoutePolicy, require_auth};
use rocket::{get, post};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<String>,
}

#[require_auth(header)]
#[get("/header")]
fn header() {}

#[require_auth(User, cookie, role = "admin", strict)]
#[get("/cookie")]
fn cookie(user: Auth<User>) -> String {
    user.id.to_string()
}

#[require_auth(cross_origin, User)]
#[post("/cross-origin")]
fn cross_origin() {}

#[require_auth(User, cookie, cross_origin)]
#[post("/both")]
fn both() {}

#[require_auth(cookie, optional)]
#[get("/optional")]
fn optional(user: MaybeAuth<User>) -> &'static str {
    if user.is_some() { "user" } else { "anonymous" }
}

#[test]
fn access_shows_the_words() {
    for (access, expected) in [
        (header::access(), "any valid token, header"),
        (cookie::access(), "role = \"admin\", strict, cookie"),
        (cross_origin::access(), "any valid token, cross_origin"),
        (both::access(), "any valid token, cookie, cross_origin"),
        (optional::access(), "optional, cookie"),
    ] {
        assert_eq!(access.to_string(), expected);
    }
}

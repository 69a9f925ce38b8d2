//! The clauses `fresh` and `acr`, and the words `optional` and `strict`.
#![deny(warnings)]

use jwt_auth::{Claims, MaybeAuth, RoutePolicy, policy, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<String>,
}

// No claims type is needed.
#[require_auth(fresh = "5m")]
#[get("/fresh")]
fn fresh() {}

#[require_auth(any(fresh = "1h 30m", acr = "urn:example:gold phr"), strict)]
#[get("/either")]
fn either() {}

#[policy(User, role = "admin", fresh = "1day")]
struct RecentAdmin;

#[require_auth(policy = RecentAdmin, acr = "gold")]
#[get("/policy")]
fn by_policy() {}

#[require_auth(optional)]
#[get("/optional")]
fn optional() {}

#[require_auth(User, optional, strict)]
#[get("/optional/strict")]
fn optional_strict(user: MaybeAuth<User>) -> &'static str {
    if user.is_some() { "user" } else { "anonymous" }
}

#[test]
fn access_shows_the_clauses() {
    for (access, expected) in [
        (fresh::access(), "fresh = \"5m\""),
        (either::access(), "any(fresh = \"1h 30m\", acr = \"urn:example:gold phr\"), strict"),
        (
            by_policy::access(),
            "all(policy = RecentAdmin { all(role = \"admin\", fresh = \"1day\") }, acr = \"gold\")",
        ),
        (optional::access(), "optional"),
        (optional_strict::access(), "optional, strict"),
    ] {
        assert_eq!(access.to_string(), expected);
    }
}

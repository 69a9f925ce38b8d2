//! Public handlers of every form.
#![deny(warnings)]

use jwt_auth::{Access, BearerToken, Claims, JwtAuth, MaybeAuth, RoutePolicy, public};
use rocket::{get, post};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    name: String,
}

/// A doc comment.
#[public]
#[get("/")]
pub fn index() -> &'static str {
    "public"
}

#[public]
#[get("/visitor")]
async fn visitor(user: MaybeAuth<User>) -> String {
    user.as_ref().map(|user| user.name.clone()).unwrap_or_default()
}

#[public]
#[post("/login", data = "<body>")]
fn login(body: &str, token: Option<BearerToken<'_>>, _auth: &JwtAuth) -> String {
    format!("{body}{}", token.is_some())
}

#[public()]
#[cfg(any())]
#[get("/absent")]
fn absent(_: Nothing) {}

#[test]
fn public_handlers_can_be_mounted() {
    assert_eq!(index::access(), Access::Public);
    assert_eq!(jwt_auth::routes![index, visitor, login].len(), 3);
}

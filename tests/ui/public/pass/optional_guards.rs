//! Optional guards that have nothing to do with tokens.
#![deny(warnings)]

use std::convert::Infallible;

use jwt_auth::{BearerToken, Claims, MaybeAuth, public};
use rocket::request::{FromRequest, Outcome, Request};
use rocket::{State, get, post};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    name: String,
}

struct Tenant<'r>(&'r str);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Tenant<'r> {
    type Error = Infallible;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Infallible> {
        Outcome::Success(Self(request.uri().path().as_str()))
    }
}

type Perhaps<T> = Option<T>;
type Reverse = for<'a> fn(&'a str) -> String;

#[public]
#[get("/option")]
fn option(tenant: Option<Tenant<'_>>) -> String {
    tenant.map_or_else(String::new, |tenant| tenant.0.to_owned())
}

#[public]
#[get("/alias")]
fn alias<'r>(tenant: Perhaps<Tenant<'r>>, user: MaybeAuth<User>) -> &'r str {
    user.as_ref().and(tenant).map_or("", |tenant| tenant.0)
}

#[public]
#[get("/result")]
fn result(tenant: Result<Tenant<'_>, Infallible>) -> bool_text::Text {
    bool_text::text(tenant.is_ok())
}

#[public]
#[get("/outcome")]
fn outcome(tenant: Outcome<Tenant<'_>, Infallible>, address: Option<std::net::IpAddr>) -> bool_text::Text {
    bool_text::text(tenant.is_success() || address.is_some())
}

#[public]
#[get("/state")]
fn state<'r>(reverse: Option<&'r State<Reverse>>) -> String {
    reverse.map_or_else(String::new, |reverse| reverse(""))
}

/// `BearerToken` is unchecked, so it hides no forged token.
#[public]
#[get("/bearer")]
fn bearer(token: Option<BearerToken<'_>>) -> bool_text::Text {
    bool_text::text(token.is_some())
}

/// Parameters of the path and the query, and the body, are not guards.
#[public]
#[post("/parameters/<id>?<page>&<rest..>", data = "<body>")]
fn parameters(
    id: Result<u64, &str>,
    page: Option<u64>,
    rest: Option<std::collections::HashMap<String, String>>,
    body: Option<String>,
) -> String {
    format!("{id:?}{page:?}{rest:?}{body:?}")
}

mod bool_text {
    pub type Text = &'static str;

    pub fn text(is: bool) -> Text {
        if is { "yes" } else { "no" }
    }
}

#[test]
fn other_guards_may_be_optional() {
    let routes = jwt_auth::routes![option, alias, result, outcome, state, bearer, parameters];
    assert_eq!(routes.len(), 7);
}

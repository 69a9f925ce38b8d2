//! Route parameters in a check: everything that a handler can take.
#![deny(warnings)]

use std::collections::HashMap;
use std::net::IpAddr;

use jwt_auth::{Claims, require_auth};
use rocket::form::{FromForm, FromFormField};
use rocket::request::FromParam;
use rocket::{get, post};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    name: String,
}

struct Slug<'a>(&'a str);

impl<'a> FromParam<'a> for Slug<'a> {
    type Error = ();

    fn from_param(text: &'a str) -> Result<Self, ()> {
        if text.is_empty() { Err(()) } else { Ok(Self(text)) }
    }
}

#[derive(FromForm)]
struct Filter<'r> {
    author: Option<&'r str>,
    #[field(name = "tag")]
    tags: Vec<&'r str>,
    order: Option<Order>,
}

#[derive(FromFormField, PartialEq)]
enum Order {
    Newest,
    #[field(value = "by-title")]
    Title,
}

#[require_auth(User, check = |user, slug| slug.0.starts_with(&user.name))]
#[get("/slugs/<slug>")]
fn slugs(slug: Slug<'_>) -> String {
    slug.0.to_owned()
}

#[require_auth(User, check = |user, id: Uuid, from: Option<IpAddr>| !id.is_nil() && user.id == 7 && from.is_none())]
#[get("/ids/<id>?<from>")]
fn ids(id: Uuid, from: Option<IpAddr>) -> String {
    format!("{id} {from:?}")
}

#[require_auth(User, check = |user, number| number.is_ok_and(|number| number == user.id))]
#[get("/results/<number>")]
fn results(number: Result<u64, &str>) -> String {
    format!("{number:?}")
}

#[require_auth(User, check = |user, filter| filter.author.is_none_or(|author| author == user.name))]
#[get("/filters?page=all&<filter..>")]
fn filters(filter: Filter<'_>) -> String {
    format!("{} {}", filter.tags.len(), filter.order == Some(Order::Title))
}

#[require_auth(User, check = |_, ids: Vec<u64>, by: HashMap<String, u64>, newest| newest && ids.len() == by.len())]
#[get("/lists?<ids>&<by>&<newest>")]
fn lists(ids: Vec<u64>, by: HashMap<String, u64>, newest: bool) -> String {
    format!("{} {} {newest}", ids.len(), by.len())
}

#[require_auth(User, check = |user, first: &str, rest: std::path::PathBuf, page: Option<u8>| {
    user.name == first && rest.as_os_str().is_empty() && page.is_none()
})]
#[post("/<first>/<_>/<rest..>?<page>", data = "<body>", format = "text/plain", rank = 3)]
fn all_of_them(body: String, page: Option<u8>, first: &str, rest: std::path::PathBuf) -> String {
    format!("{first} {} {page:?} {body}", rest.display())
}

#[test]
fn checks_can_take_the_parameters_of_the_route() {
    assert_eq!(jwt_auth::routes![slugs, ids, results, filters, lists, all_of_them].len(), 6);
}

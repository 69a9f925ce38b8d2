#![allow(unused)]

use jwt_auth::{Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[require_auth(User, check = |user, name| user.id == name)]
#[get("/<id>?<page>")]
fn post(id: u64, page: Option<u32>) {}

fn main() {}

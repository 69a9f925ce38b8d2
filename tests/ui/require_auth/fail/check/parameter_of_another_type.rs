#![allow(unused)]

use jwt_auth::{Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[require_auth(User, check = |user, id: u32| user.id == u64::from(id))]
#[get("/<id>")]
fn post(id: u64) {}

fn main() {}

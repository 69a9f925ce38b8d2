#![allow(unused)]

use jwt_auth::{Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

fn owns(user: &User, id: u64) -> bool {
    user.id == id
}

#[require_auth(User, check = owns)]
#[get("/<id>")]
fn post(id: u64) {}

fn main() {}

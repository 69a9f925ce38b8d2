#![allow(unused)]

use jwt_auth::{Claims, require_auth};
use rocket::post;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[require_auth(User, check = |user, id: u64, body: String| user.id == id && body.is_empty())]
#[post("/<id>", data = "<body>")]
fn write(id: u64, body: String) {}

fn main() {}

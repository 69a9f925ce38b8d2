#![allow(unused)]

use jwt_auth::{Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

struct Db(u64);

#[require_auth(User, check = |user, db: &Db| user.id == db.0)]
#[get("/<id>")]
fn post(id: u64) {}

fn main() {}

#![allow(unused)]

use jwt_auth::{Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

fn is_seven(user: &User) -> bool {
    user.id == 7
}

#[require_auth(User, check = is_seven(user))]
#[get("/")]
fn post() {}

fn main() {}

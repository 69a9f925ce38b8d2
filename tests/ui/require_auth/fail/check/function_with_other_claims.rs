#![allow(unused)]

use jwt_auth::{Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

fn is_text(claims: &String) -> bool {
    claims.is_empty()
}

#[require_auth(User, check = is_text)]
#[get("/")]
fn post() {}

fn main() {}

#![allow(unused)]

use jwt_auth::{Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[require_auth(User, check = |user| async move {
    let id = std::rc::Rc::new(user.id);
    std::future::ready(()).await;
    *id == 7
})]
#[get("/")]
fn post() {}

fn main() {}

use jwt_auth::{Claims, policy, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[policy(User, check = |user| user.id > 0)]
struct Known;

#[require_auth(Usr, policy = Known)]
#[get("/")]
fn index() {}

fn main() {}

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

#[require_auth(_, policy = Known)]
#[get("/")]
fn index() {}

#[policy(Option<_>, check = |user| user.is_some())]
struct Any;

fn main() {}

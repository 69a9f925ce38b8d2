use jwt_auth::{Claims, policy, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[policy(User, check = |user, id| user.id == id)]
struct Owns {
    id: u64,
}

// Of `?id=7&id=8`, the policy would see only the 7.
#[require_auth(policy = Owns(id))]
#[get("/users?<id>")]
fn users(id: Vec<u64>) -> String {
    format!("{id:?}")
}

fn main() {}

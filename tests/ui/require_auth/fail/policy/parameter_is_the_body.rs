use jwt_auth::{Claims, policy, require_auth};
use rocket::post;
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

#[require_auth(policy = Owns(id))]
#[post("/", data = "<id>")]
fn show(id: String) -> String {
    id.to_string()
}

fn main() {}

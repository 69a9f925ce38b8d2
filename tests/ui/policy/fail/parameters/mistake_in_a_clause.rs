use jwt_auth::{Claims, policy, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[policy(User, fresh = "never", check = |user, id| user.id == id)]
struct Owns {
    id: u64,
}

// These add no messages.
#[require_auth(policy = Owns(id))]
#[get("/<id>")]
fn with_parameters(id: u64) -> String {
    id.to_string()
}

#[require_auth(User, policy = Owns)]
#[get("/")]
fn without_parameters() {}

fn main() {}

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

#[require_auth(policy = Owns(user_id))]
#[get("/<id>")]
fn show(id: u64) -> String {
    id.to_string()
}

#[require_auth(policy = Owns(usr_id))]
#[get("/<user_id>")]
fn misspelled(user_id: u64) -> String {
    user_id.to_string()
}

fn main() {}

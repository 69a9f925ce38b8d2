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

#[require_auth(User, policy = Owns(id, page))]
#[get("/<id>/<page>")]
fn show(id: u64, page: u64) -> String {
    format!("{id} {page}")
}

fn main() {}

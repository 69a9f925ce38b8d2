use jwt_auth::{Claims, policy, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[policy(User, check = |user| user.id == 7)]
struct CanEdit;

#[require_auth(User, policy = CanEdit(id))]
#[get("/<id>")]
fn edit(id: u64) -> String {
    id.to_string()
}

fn main() {}

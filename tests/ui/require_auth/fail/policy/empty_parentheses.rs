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

#[require_auth(policy = CanEdit())]
#[get("/")]
fn edit() {}

fn main() {}

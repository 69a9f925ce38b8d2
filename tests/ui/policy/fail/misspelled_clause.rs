use jwt_auth::{Claims, policy};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[policy(User, chek = |user| user.id == 7)]
struct CanEdit;

// This adds no message.
#[jwt_auth::require_auth(policy = CanEdit)]
#[rocket::get("/")]
fn edit() {}

fn main() {}

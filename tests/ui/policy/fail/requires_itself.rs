use jwt_auth::{Claims, policy};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[policy(User, any(policy = CanEdit, check = |user| user.id == 7))]
struct CanEdit;

fn main() {}

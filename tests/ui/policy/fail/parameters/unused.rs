use jwt_auth::{Claims, policy};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[policy(User, check = |user, id| user.id == id)]
struct Owns {
    id: u64,
    team: &str,
}

fn main() {}

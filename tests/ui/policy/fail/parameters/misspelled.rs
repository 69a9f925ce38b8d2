use jwt_auth::{Claims, policy};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[policy(User, check = |user, usr_id| user.id == usr_id)]
struct Owns {
    user_id: u64,
}

fn main() {}

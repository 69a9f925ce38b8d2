use jwt_auth::{Claims, policy};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[policy(User, check = |user, id| user.id == id)]
struct Owns {
    /// The id of the owner.
    #[cfg(debug_assertions)]
    id: u64,
}

fn main() {}

use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(version = 2, upgrade(1 = from_v1))]
struct User {
    #[claims(subject)]
    id: u64,
}

#[derive(Claims, Serialize, Deserialize)]
struct OldUser {
    #[claims(subject)]
    user_id: u64,
}

fn from_v1(old: OldUser) -> u64 {
    old.user_id
}

fn main() {}

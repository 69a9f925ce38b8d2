use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(version = 2, upgrade(1 = from_v1))]
struct User {
    #[claims(subject)]
    id: u64,
}

#[derive(Serialize, Deserialize)]
struct OldUser {
    user_id: u64,
}

fn from_v1(old: OldUser) -> User {
    User { id: old.user_id }
}

fn main() {}

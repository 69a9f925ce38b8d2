use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(version = 4, upgrade(from_v1, 2, 3 = |old| User { id: old.id }))]
struct User {
    #[claims(subject)]
    id: u64,
}

fn main() {}

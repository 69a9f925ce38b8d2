use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(version = 2, upgrade(0 = from_v0, 1 = from_v1, 1 = from_v1, 2 = from_v2))]
struct User {
    #[claims(subject)]
    id: u64,
}

fn main() {}

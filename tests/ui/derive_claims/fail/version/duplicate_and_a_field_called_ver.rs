use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(version = 2, version = 2)]
struct User {
    #[claims(subject)]
    id: u64,
    ver: u32,
}

fn main() {}

use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(subject)]
struct User {
    id: u64,
}

fn main() {}

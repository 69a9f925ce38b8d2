use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[serde(transparent)]
struct User {
    #[claims(subject)]
    id: u64,
}

fn main() {}

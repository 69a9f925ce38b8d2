use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(realm = "me")]
struct User {
    #[claims(subject)]
    id: u64,
}

fn main() {}

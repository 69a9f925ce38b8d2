use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct Token {
    #[claims(subject)]
    #[serde(flatten)]
    user: User,
}

#[derive(Serialize, Deserialize)]
struct User {
    id: u64,
}

fn main() {}

use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(subject = user.uuid)]
struct Token {
    user: User,
}

#[derive(Serialize, Deserialize)]
struct User {
    id: u64,
}

fn main() {}

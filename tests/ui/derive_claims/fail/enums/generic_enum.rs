use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "https://partner.example")]
struct Partner {
    #[claims(subject)]
    name: String,
}

#[derive(Claims, Serialize, Deserialize)]
enum Caller<T> {
    User(User),
    Other(T),
}

fn main() {}

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
    #[claims(roles)]
    roles: Vec<String>,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(roles)]
enum Caller {
    User(User),
    Partner(Partner),
}

fn main() {}

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
#[claims(issuer = "https://partner.example")]
enum Caller {
    User(User),
    #[claims(audience = "api")]
    Partner(Partner),
}

fn main() {}

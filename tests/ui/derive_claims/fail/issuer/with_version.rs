use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "https://partner.example", version = 2)]
struct Partner {
    #[claims(subject)]
    name: String,
}

fn main() {}

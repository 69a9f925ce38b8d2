use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "https://a.example", issuer = "https://b.example")]
struct Partner {
    #[claims(subject)]
    name: String,
}

fn main() {}

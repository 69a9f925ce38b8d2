use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = partner, audience = "")]
struct Partner {
    #[claims(subject)]
    name: String,
}

fn main() {}

use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct Partner {
    #[claims(subject)]
    name: String,
    #[claims(audience = "api")]
    scope: String,
}

fn main() {}

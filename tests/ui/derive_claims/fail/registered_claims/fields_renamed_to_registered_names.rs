use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[serde(tag = "aud", rename_all = "lowercase")]
struct User {
    #[claims(subject)]
    id: u64,
    #[serde(rename = "exp")]
    expires: u64,
    #[serde(rename(deserialize = "iat"))]
    created: u64,
}

fn main() {}

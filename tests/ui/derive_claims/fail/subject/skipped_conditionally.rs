use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    #[serde(default, skip_serializing_if = "String::is_empty")]
    id: String,
}

fn main() {}

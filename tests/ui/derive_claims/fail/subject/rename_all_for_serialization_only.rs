use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase"))]
struct User {
    #[claims(subject)]
    user_id: u64,
}

fn main() {}

use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    #[serde(rename(serialize = "uid"))]
    id: u64,
}

fn main() {}

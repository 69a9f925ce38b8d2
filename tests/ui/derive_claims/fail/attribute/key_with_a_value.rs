use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject = id)]
    id: u64,
    #[claims(roles("admin"))]
    roles: Vec<String>,
}

fn main() {}

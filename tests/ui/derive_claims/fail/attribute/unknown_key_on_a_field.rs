use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subjet)]
    id: u64,
    #[claims(permissions)]
    permissions: Vec<String>,
}

fn main() {}

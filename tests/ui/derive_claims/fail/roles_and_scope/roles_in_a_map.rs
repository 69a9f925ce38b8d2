use std::collections::HashMap;

use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: HashMap<String, Vec<String>>,
}

fn main() {}

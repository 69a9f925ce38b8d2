use jwt_auth::Claims;
#[allow(unused_imports)]
use serde::{Deserialize, Serialize};

#[derive(Claims)]
struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<String>,
}

fn main() {}

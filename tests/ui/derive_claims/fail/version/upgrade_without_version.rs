use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(upgrade(1 = from_v1))]
struct User {
    #[claims(subject)]
    id: u64,
}

fn main() {}

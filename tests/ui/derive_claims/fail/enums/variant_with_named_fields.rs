use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
enum User {
    Person { id: u64 },
    Service { name: String },
}

fn main() {}

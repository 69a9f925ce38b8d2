use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[derive(Claims, Serialize, Deserialize)]
struct Device {
    #[claims(subject)]
    serial: String,
}

#[derive(Claims, Serialize, Deserialize)]
enum Caller {
    User(User),
    Device(Device),
}

fn main() {}

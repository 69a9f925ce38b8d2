use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "https://partner.example")]
struct Partner {
    #[claims(subject)]
    name: String,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(audience = "devices")]
struct Device {
    #[claims(subject)]
    serial: String,
}

#[derive(Claims, Serialize, Deserialize)]
enum Outside {
    Partner(Partner),
    Device(Device),
}

#[derive(Claims, Serialize, Deserialize)]
enum Caller {
    User(User),
    Outside(Outside),
}

fn main() {}

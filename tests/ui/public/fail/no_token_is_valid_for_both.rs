use jwt_auth::{Claims, MaybeAuth, public};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(audience = "devices")]
struct Device {
    #[claims(subject)]
    serial: String,
}

#[public]
#[get("/")]
fn index(_user: MaybeAuth<User>, _device: MaybeAuth<Device>) {}

fn main() {}

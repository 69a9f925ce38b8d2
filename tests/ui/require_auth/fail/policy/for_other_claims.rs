use jwt_auth::{Claims, policy, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[derive(Claims, Serialize, Deserialize)]
struct Machine {
    #[claims(subject)]
    serial: String,
}

#[policy(Machine, check = |machine| machine.serial.is_empty())]
struct CanEdit;

#[require_auth(User, policy = CanEdit)]
#[get("/")]
fn edit() {}

fn main() {}

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
    serial: u64,
}

#[policy(Machine, check = |machine, id| machine.serial == id)]
struct IsMachine {
    id: u64,
}

#[require_auth(User, policy = IsMachine(id))]
#[get("/<id>")]
fn show(id: u64) -> String {
    id.to_string()
}

fn main() {}

use jwt_auth::{Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<String>,
}

#[require_auth(acr = Level::Gold)]
#[get("/")]
fn index() {}

fn main() {}

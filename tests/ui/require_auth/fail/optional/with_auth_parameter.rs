use jwt_auth::{Auth, Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<String>,
}

#[require_auth(optional)]
#[get("/")]
fn index(_user: Auth<User>) {}

fn main() {}

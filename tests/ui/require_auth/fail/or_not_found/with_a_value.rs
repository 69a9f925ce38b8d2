use jwt_auth::{Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[require_auth(User, check = |user| user.id == 7, or_not_found = true)]
#[get("/")]
fn index() {}

fn main() {}

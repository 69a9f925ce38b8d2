use jwt_auth::{Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[require_auth(User, fresh = "5m", any(check = |user| user.id == 7, acr = "gold"), or_not_found)]
#[get("/")]
fn index() {}

fn main() {}

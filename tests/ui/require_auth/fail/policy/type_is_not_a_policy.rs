use jwt_auth::{Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

struct CanEdit;

#[require_auth(User, policy = CanEdit)]
#[get("/")]
fn edit() {}

fn main() {}

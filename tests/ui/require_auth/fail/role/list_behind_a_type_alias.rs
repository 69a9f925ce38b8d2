use jwt_auth::{Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Roles,
    #[claims(scope)]
    scope: String,
}

#[derive(PartialEq, Serialize, Deserialize)]
enum Role {
    Admin,
}

type Roles = Vec<Role>;

#[require_auth(User, role = Role::Admin)]
#[get("/")]
fn index() {}

fn main() {}

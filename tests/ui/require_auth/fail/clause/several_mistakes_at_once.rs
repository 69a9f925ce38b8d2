use jwt_auth::{Auth, Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<Role>,
    #[claims(scope)]
    scope: String,
}

#[derive(PartialEq, Serialize, Deserialize)]
enum Role {
    Admin,
}

#[require_auth(User, rol = Role::Admin, any(), scope = 5)]
#[get("/")]
fn index(_user: Option<Auth<User>>) {}

// This adds no message.
fn routes() -> Vec<rocket::Route> {
    jwt_auth::routes![index]
}

fn main() {}

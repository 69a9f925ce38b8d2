use jwt_auth::{Auth, AuthError, Claims, require_auth};
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

#[require_auth]
#[get("/")]
fn index(_user: Option<Auth<User>>) {}

#[require_auth]
#[get("/result")]
fn result(_user: Result<Auth<User>, AuthError>) {}

fn main() {}

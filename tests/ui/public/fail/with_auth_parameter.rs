use jwt_auth::{Auth, AuthError, Claims, public};
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

#[public]
#[get("/")]
fn index(_user: Auth<User>) {}

#[public]
#[get("/optional")]
fn optional(_user: Option<Auth<User>>) {}

#[public]
#[get("/result")]
fn result(_user: Result<jwt_auth::Auth<User>, AuthError>) {}

fn main() {}

use jwt_auth::{Claims, require_auth};
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
    Editor,
}

#[require_auth(User, role = [Role::Admin, Role::Editor])]
#[get("/list")]
fn list() {}

#[require_auth(User, any(Role::Admin, scope = "edit", crate::Role::Editor))]
#[get("/without_the_key")]
fn without_the_key() {}

#[require_auth(User, not("admin"))]
#[get("/string")]
fn string() {}

#[require_auth(User, Role::Admin)]
#[get("/alone")]
fn alone() {}

#[require_auth(User, role = (Role::Admin, Role::Editor))]
#[get("/tuple")]
fn tuple() {}

fn main() {}

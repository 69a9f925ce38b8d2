use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(roles = access.roles, scope = access.number)]
struct WithoutAType {
    #[claims(subject)]
    id: u64,
    access: Access,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(roles = access.rolls, role_type = Role)]
struct Misspelled {
    #[claims(subject)]
    id: u64,
    access: Access,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(roles = access["web"], role_type = Role)]
struct NotAMap {
    #[claims(subject)]
    id: u64,
    access: Access,
}

#[derive(PartialEq, Serialize, Deserialize)]
enum Role {
    Admin,
}

#[derive(Serialize, Deserialize)]
struct Access {
    roles: Vec<Role>,
    number: u8,
}

fn main() {}

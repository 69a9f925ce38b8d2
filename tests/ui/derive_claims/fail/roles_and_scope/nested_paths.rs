use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(roles = "cognito:groups")]
struct Quoted {
    #[claims(subject)]
    id: u64,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(roles = acces.roles, scope = access.scope())]
struct Misspelled {
    #[claims(subject)]
    id: u64,
    access: Access,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(roles = "access.roles", scope = access[KEY].scope)]
struct QuotedPath {
    #[claims(subject)]
    id: u64,
    access: Access,
}

const KEY: &str = "web";

#[derive(Claims, Serialize, Deserialize)]
#[claims(roles, role_type = u8)]
struct WithoutAPath {
    #[claims(subject)]
    id: u64,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(roles = access.roles, role_type, role_type = String)]
struct Twice {
    #[claims(subject)]
    id: u64,
    access: Access,
    #[claims(roles)]
    roles: Vec<String>,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(role_type = Role)]
struct OfAField {
    #[claims(subject)]
    id: u64,
    #[claims(roles, role_type = Role)]
    roles: Vec<Role>,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(subject = access["id"])]
struct SubjectInAMap {
    access: std::collections::HashMap<String, String>,
}

#[derive(PartialEq, Serialize, Deserialize)]
enum Role {
    Admin,
}

#[derive(Serialize, Deserialize)]
struct Access {
    roles: Vec<String>,
    scope: String,
}

fn main() {}

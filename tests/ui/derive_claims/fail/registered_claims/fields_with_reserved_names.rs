use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    cnf: String,
    act: String,
    #[serde(rename = "may_act")]
    delegate: String,
    client_id: String,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "https://idp.example", audience = "api")]
struct Employee {
    #[claims(subject)]
    id: String,
    client_id: String,
    cnf: String,
}

fn main() {}

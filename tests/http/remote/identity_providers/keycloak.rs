use std::collections::HashMap;

use jwt_auth::{Auth, Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "customers", roles = realm_access.roles)]
struct Customer {
    #[claims(subject)]
    id: String,
    preferred_username: String,
    realm_access: Option<Access>,
    #[serde(default)]
    resource_access: HashMap<String, Access>,
}

#[derive(Serialize, Deserialize)]
struct Access {
    roles: Vec<String>,
}

#[require_auth(Customer, role = "editor")]
#[get("/orders")]
fn orders(customer: Auth<Customer>) -> String {
    format!("the orders of {}", customer.preferred_username)
}

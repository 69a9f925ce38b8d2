use jwt_auth::{Auth, Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "customers")]
struct Customer {
    #[claims(subject)]
    id: String,
    #[claims(roles)]
    #[serde(default)]
    roles: Vec<String>,
}

#[require_auth(Customer, role = "editor")]
#[get("/orders")]
fn orders(customer: Auth<Customer>) -> String {
    format!("the orders of {}", customer.id)
}

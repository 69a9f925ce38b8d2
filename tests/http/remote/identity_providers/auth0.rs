use jwt_auth::{Auth, Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "customers")]
struct Customer {
    #[claims(subject)]
    id: String,
    #[claims(scope)]
    #[serde(default)]
    permissions: Vec<String>,
    #[claims(roles)]
    #[serde(rename = "https://api.example.com/roles", default)]
    roles: Vec<String>,
}

#[require_auth(Customer, any(scope = "read:orders", role = "support"))]
#[get("/orders")]
fn orders(customer: Auth<Customer>) -> String {
    format!("the orders of {}", customer.id)
}

use jwt_auth::{Auth, Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "customers")]
struct Customer {
    #[claims(subject)]
    id: String,
    username: String,
    #[claims(scope)]
    scope: String,
    #[claims(roles)]
    #[serde(rename = "cognito:groups", default)]
    groups: Vec<String>,
}

#[require_auth(Customer, role = "editors")]
#[get("/orders")]
fn orders(customer: Auth<Customer>) -> String {
    format!("the orders of {}", customer.username)
}

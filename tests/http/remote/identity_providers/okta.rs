use jwt_auth::{Auth, Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "customers", subject = uid)]
struct Customer {
    uid: String,
    #[claims(scope)]
    scp: Vec<String>,
    #[claims(roles)]
    #[serde(default)]
    groups: Vec<String>,
}

#[require_auth(Customer, scope = "orders:read")]
#[get("/orders")]
fn orders(customer: Auth<Customer>) -> String {
    format!("the orders of {}", customer.uid)
}

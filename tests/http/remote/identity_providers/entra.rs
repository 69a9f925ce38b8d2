use jwt_auth::{Auth, Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "customers", subject = oid)]
struct Customer {
    oid: String,
    azp: String,
    #[claims(scope)]
    #[serde(default)]
    scp: String,
    #[claims(roles)]
    #[serde(default)]
    roles: Vec<String>,
}

#[require_auth(Customer, any(scope = "Orders.Read", role = "Orders.Read.All"))]
#[get("/orders")]
fn orders(customer: Auth<Customer>) -> String {
    format!("the orders of {}", customer.oid)
}

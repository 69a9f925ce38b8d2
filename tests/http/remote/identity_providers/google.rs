use jwt_auth::{Auth, Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "customers")]
struct Customer {
    #[claims(subject)]
    id: String,
    email: String,
    hd: Option<String>,
}

#[require_auth(Customer, check = |customer| customer.hd.as_deref() == Some("example.com"))]
#[get("/orders")]
fn orders(customer: Auth<Customer>) -> String {
    format!("the orders of {}", customer.email)
}

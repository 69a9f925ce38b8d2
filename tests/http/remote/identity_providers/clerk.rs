use jwt_auth::{Auth, Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "customers", roles = o.rol)]
struct Customer {
    #[claims(subject)]
    id: String,
    o: Option<Organization>,
    sts: Status,
}

/// The organization that is active in the session.
#[derive(Serialize, Deserialize)]
struct Organization {
    id: String,
    rol: String,
}

/// Rejects sessions that are `pending`, because the user has not completed a task, such as choosing an organization.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Active,
}

#[require_auth(Customer, role = "admin")]
#[get("/orders")]
fn orders(customer: Auth<Customer>) -> String {
    format!("the orders of {}", customer.id)
}

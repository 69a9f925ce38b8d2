use jwt_auth::{Auth, Claims, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "customers", roles = app_metadata.roles)]
struct Customer {
    #[claims(subject)]
    id: String,
    #[serde(default)]
    is_anonymous: bool,
    client_id: Option<String>,
    #[serde(default)]
    app_metadata: Metadata,
}

#[derive(Default, Serialize, Deserialize)]
struct Metadata {
    #[serde(default)]
    roles: Vec<String>,
}

#[require_auth(Customer, role = "editor", check = |customer| !customer.is_anonymous && customer.client_id.is_none())]
#[get("/orders")]
fn orders(customer: Auth<Customer>) -> String {
    format!("the orders of {}", customer.id)
}

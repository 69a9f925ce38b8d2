//! The service that verifies tokens. It has the public key, and neither users nor sessions. Through the Redis that it
//! shares with `accounts`, it receives logouts.

use std::sync::{Mutex, PoisonError};

use jwt_auth::{Auth, Claims, JwtAuth, require_auth};
use rocket::serde::json::Json;
use rocket::{Build, Rocket, State, get, post};
use serde::{Deserialize, Serialize};

/// The claims that this service needs. It ignores the others.
#[derive(Claims, Serialize, Deserialize)]
struct Customer {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<Role>,
}

#[derive(PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Role {
    Clerk,
    /// Any other role of `accounts`.
    #[serde(other)]
    Other,
}

#[derive(Clone, Serialize)]
struct Order {
    customer: u64,
    item: String,
}

/// The orders. A real app has them in a database.
#[derive(Default)]
struct Orders(Mutex<Vec<Order>>);

impl Orders {
    fn add(&self, order: Order) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(order);
    }

    fn all(&self) -> Vec<Order> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Returns the orders of the caller.
#[require_auth]
#[get("/orders")]
fn mine(customer: Auth<Customer>, orders: &State<Orders>) -> Json<Vec<Order>> {
    Json(orders.all().into_iter().filter(|order| order.customer == customer.id).collect())
}

/// Returns all orders.
#[require_auth(Customer, role = Role::Clerk)]
#[get("/orders/all")]
fn all(orders: &State<Orders>) -> Json<Vec<Order>> {
    Json(orders.all())
}

#[derive(Deserialize)]
struct NewOrder {
    item: String,
}

/// Places an order. `strict` asks Redis whether the session is still alive, because this service receives a logout a
/// moment later than `accounts`.
#[require_auth(strict)]
#[post("/orders", data = "<order>")]
fn order(customer: Auth<Customer>, order: Json<NewOrder>, orders: &State<Orders>) -> Json<Order> {
    let order = Order { customer: customer.id, item: order.into_inner().item };
    orders.add(order.clone());
    Json(order)
}

/// Returns the service, with the settings of `orders.toml`.
pub fn rocket() -> Rocket<Build> {
    rocket::custom(crate::config(concat!(env!("CARGO_MANIFEST_DIR"), "/orders.toml")))
        .attach(JwtAuth::fairing())
        .manage(Orders::default())
        .mount("/", jwt_auth::routes![mine, all, order])
        .register("/", jwt_auth::catchers())
}

//! `Authorized` as proof: functions that require a policy, and handlers that test it.
#![deny(warnings)]

use jwt_auth::{Authorized, Claims, policy, public, require_auth};
use rocket::{delete, get};
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<String>,
}

#[policy(User, role = "editor", fresh = "5m")]
struct CanDelete;

fn delete_post(_: &Authorized<CanDelete>, id: u64) -> String {
    id.to_string()
}

#[require_auth(policy = CanDelete)]
#[delete("/posts/<id>")]
fn delete(id: u64, proof: Authorized<CanDelete>) -> String {
    delete_post(&proof, id)
}

#[require_auth(User, optional)]
#[get("/posts/<id>")]
fn post(id: u64, editor: Option<Authorized<CanDelete>>) -> String {
    match editor {
        Some(proof) => delete_post(&proof, id),
        None => String::new(),
    }
}

#[public]
#[get("/")]
fn index(_proof: Authorized<CanDelete>) {}

#[test]
fn handlers_can_take_authorized_as_proof() {
    assert_eq!(jwt_auth::routes![delete, post, index].len(), 3);
}

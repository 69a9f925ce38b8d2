//! Generic claims, and several claims types in one app.
#![deny(warnings)]

use jwt_auth::{Auth, Claims, RoutePolicy, policy, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct Token<T, const VERSION: u8 = 1> {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<String>,
    more: T,
}

#[derive(Serialize, Deserialize)]
struct Tenant {
    tenant: u64,
}

type Tenanted = Token<Tenant>;

#[derive(Claims, Serialize, Deserialize)]
struct Service {
    #[claims(subject)]
    name: String,
    #[claims(scope)]
    scope: Vec<String>,
}

#[policy(Tenanted, role = "admin")]
struct Admin;

#[require_auth(Token<Tenant, 1>, policy = Admin, check = |token, tenant| token.more.tenant == tenant)]
#[get("/tenants/<tenant>")]
fn of_tenant(tenant: u64) -> String {
    tenant.to_string()
}

#[require_auth(role = "admin")]
#[get("/parameter")]
fn from_parameter(token: Auth<Token<Vec<Tenant>, 2>>) -> String {
    format!("{} {}", token.id, token.more.len())
}

#[require_auth(Tenanted)]
#[get("/alias")]
fn alias(token: &Tenanted) -> String {
    token.roles.join(" ")
}

#[require_auth(Service, scope = "jobs:run")]
#[get("/jobs")]
fn jobs(service: Service) -> String {
    service.name + &service.scope.concat()
}

#[test]
fn generic_claims_can_be_required() {
    assert_eq!(jwt_auth::routes![of_tenant, from_parameter, alias, jobs].len(), 4);
    assert_eq!(jobs::access().to_string(), "scope = \"jobs:run\"");
}

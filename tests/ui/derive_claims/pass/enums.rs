//! Enums of claims.
#![deny(warnings)]

use jwt_auth::claims::{HasRoles, HasScope};
use jwt_auth::{Auth, Claims, MaybeAuth, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<String>,
    #[claims(scope)]
    scope: String,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(issuer = "https://partner.example", audience = "api")]
struct Partner {
    #[claims(subject)]
    name: String,
    #[claims(roles)]
    role: String,
    #[claims(scope)]
    scp: Option<Vec<String>>,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(audience = "internal")]
struct Service<T> {
    #[claims(subject)]
    name: String,
    more: T,
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(roles, scope)]
enum Caller {
    User(User),
    Partner(Partner),
}

#[derive(Claims, Serialize, Deserialize)]
enum Any {
    User(User),
    Partner(Partner),
    Service(Service<String>),
}

#[require_auth(Caller, any(role = "admin", scope = "read", check = |caller| caller.subject() == "5"))]
#[get("/caller")]
fn caller() {}

#[require_auth]
#[get("/any")]
fn any(caller: Auth<Any>) -> String {
    match &*caller {
        Any::User(user) => user.id.to_string(),
        Any::Partner(partner) => partner.name.clone(),
        Any::Service(service) => service.more.clone(),
    }
}

#[require_auth(Caller)]
#[get("/by-value")]
fn by_value(_caller: Caller, _same: &Caller) {}

#[require_auth(optional)]
#[get("/maybe")]
fn maybe(_caller: MaybeAuth<Caller>) {}

#[test]
fn an_enum_has_the_roles_and_scopes_of_its_variant() {
    assert_eq!(jwt_auth::routes![caller, any, by_value, maybe].len(), 4);
    let partner = Partner { name: "a".into(), role: "b".into(), scp: Some(vec!["c".into(), "d".into()]) };
    let caller = Caller::Partner(partner);
    assert_eq!(caller.roles().collect::<Vec<_>>(), ["b"]);
    assert_eq!(caller.scopes().collect::<Vec<_>>(), ["c", "d"]);
    assert_eq!(caller.subject(), "a");
}

//! Types and fields with the same names as items of the crate.
#![deny(warnings)]

use serde::{Deserialize, Serialize};

#[derive(jwt_auth::Claims, Serialize, Deserialize)]
struct Claims {
    #[claims(subject)]
    subject: String,
    #[claims(roles)]
    roles: Vec<Role>,
    #[claims(scope)]
    scopes: Vec<String>,
    claims: u8,
    deserializer: u8,
    request: u8,
}

#[derive(PartialEq, Serialize, Deserialize)]
enum Role {
    Claims,
}

#[jwt_auth::require_auth(Claims, role = Role::Claims)]
#[rocket::get("/")]
fn claims(claims: jwt_auth::Auth<Claims>, by_value: Claims, by_reference: &Claims) -> String {
    format!("{}{}{}", claims.subject, by_value.claims, by_reference.deserializer)
}

#[test]
fn the_claims_traits_are_implemented() {
    use jwt_auth::Claims as _;

    let claims = Claims {
        subject: "7".to_owned(),
        roles: vec![Role::Claims],
        scopes: vec![],
        claims: 1,
        deserializer: 2,
        request: 3,
    };
    assert_eq!(claims.subject(), "7");
    assert_eq!(jwt_auth::claims::HasRoles::roles(&claims).count(), 1);
}

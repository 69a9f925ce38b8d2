//! Handlers of a library that renames its dependency `jwt-auth`.
#![deny(warnings)]

use jwt_auth::{RoutePolicy, routes};
use jwt_auth_tests_library::{Editor, me, posts};

#[jwt_auth::require_auth(policy = jwt_auth_tests_library::posts::CanWrite)]
#[rocket::get("/drafts")]
fn drafts() {}

#[test]
fn handlers_of_another_crate_can_be_mounted() {
    let routes = routes![me, posts::write, drafts];
    assert_eq!(routes.len() + jwt_auth_tests_library::routes().len(), 5);
    assert_eq!(
        drafts::access().to_string(),
        "policy = jwt_auth_tests_library::posts::CanWrite { role = \"editor\" }"
    );
    let _: Option<Editor> = None;
}

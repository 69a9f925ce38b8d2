//! Handlers of a library, which knows this crate by another name.
#![deny(warnings)]

use jwt_auth::{RoutePolicy, routes};
use jwt_auth_tests_library::{Editor, me, posts};

#[jwt_auth::require_auth(policy = jwt_auth_tests_library::posts::CanWrite)]
#[rocket::get("/drafts")]
fn drafts() {}

fn main() {
    let routes = routes![me, posts::write, drafts];
    assert_eq!(routes.len() + jwt_auth_tests_library::routes().len(), 5);
    assert_eq!(
        drafts::access().to_string(),
        "policy = jwt_auth_tests_library::posts::CanWrite { role = \"editor\" }"
    );
    let _: Option<Editor> = None;
}

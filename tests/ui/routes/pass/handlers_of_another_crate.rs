//! Handlers of a library that renames its dependency `jwt-auth`.
#![deny(warnings)]

use jwt_auth::{RoutePolicy, routes};
use jwt_auth_tests_library::{Editor, me, posts};

#[jwt_auth::require_auth(policy = jwt_auth_tests_library::posts::CanWrite)]
#[rocket::get("/drafts")]
fn drafts() {}

#[jwt_auth::require_auth(policy = posts::Owns(author))]
#[rocket::get("/drafts/<author>")]
fn drafts_of(author: u64) -> String {
    author.to_string()
}

jwt_auth_tests_library::editors_only!(profile at "/profile", posts::CanWrite);

#[test]
fn handlers_of_another_crate_can_be_mounted() {
    let routes = routes![me, posts::write, drafts, drafts_of, profile];
    assert_eq!(routes.len() + jwt_auth_tests_library::routes().len(), 7);
    assert_eq!(
        drafts::access().to_string(),
        "policy = jwt_auth_tests_library::posts::CanWrite { role = \"editor\" }"
    );
    assert_eq!(
        drafts_of::access().to_string(),
        "policy = posts::Owns(author) { check = |editor, author| editor.id == author }"
    );
    let _: Option<Editor> = None;
}

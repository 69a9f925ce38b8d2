//! Paths of handlers.
#![deny(warnings)]

use jwt_auth::{public, require_auth};
use rocket::{get, post};

#[public]
#[get("/")]
fn index() {}

mod posts {
    #[super::require_auth]
    #[super::post("/")]
    pub fn create() {}
}

#[test]
fn handlers_are_found_by_their_paths() {
    let none: Vec<rocket::Route> = jwt_auth::routes![];
    assert!(none.is_empty());
    assert_eq!(jwt_auth::routes![index].len(), 1);
    assert_eq!(
        jwt_auth::routes![index, posts::create, self::posts::create, crate::routes::pass::paths::index,]
            .len(),
        4
    );
}

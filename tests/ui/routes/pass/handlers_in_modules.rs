//! Handlers with the same name, in modules, behind `use`, and named like keywords.
#![deny(warnings)]

use jwt_auth::{public, routes};
use rocket::get;

mod posts {
    #[jwt_auth::require_auth]
    #[rocket::get("/posts")]
    pub(crate) fn entries() {}

    pub(crate) mod comments {
        #[jwt_auth::public]
        #[rocket::get("/posts/comments")]
        pub(crate) fn entries() {}

        pub(crate) fn routes() -> Vec<rocket::Route> {
            jwt_auth::routes![
                entries,
                super::entries,
                self::entries,
                crate::routes::pass::handlers_in_modules::posts::entries
            ]
        }
    }
}

use posts::entries as posts_entries;

#[public]
#[get("/match")]
fn r#match() {}

#[test]
fn handlers_in_modules_can_be_mounted() {
    let names: Vec<_> = routes![posts_entries, posts::comments::entries, r#match]
        .into_iter()
        .filter_map(|route| route.name)
        .collect();
    assert_eq!(names, ["entries → any valid token", "entries → public", "r#match → public"]);
    assert_eq!(posts::comments::routes().len(), 4);
}

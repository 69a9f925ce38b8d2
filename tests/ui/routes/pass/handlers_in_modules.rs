//! Handlers with the same name, in modules, behind `use`, and named like keywords.
#![deny(warnings)]

use jwt_auth::{public, routes};
use rocket::get;

mod posts {
    #[jwt_auth::require_auth]
    #[rocket::get("/posts")]
    pub(crate) fn list() {}

    pub(crate) mod comments {
        #[jwt_auth::public]
        #[rocket::get("/posts/comments")]
        pub(crate) fn list() {}

        pub(crate) fn routes() -> Vec<rocket::Route> {
            jwt_auth::routes![
                list,
                super::list,
                self::list,
                crate::routes::pass::handlers_in_modules::posts::list
            ]
        }
    }
}

use posts::list as posts_list;

#[public]
#[get("/match")]
fn r#match() {}

#[test]
fn handlers_in_modules_can_be_mounted() {
    let names: Vec<_> = routes![posts_list, posts::comments::list, r#match]
        .into_iter()
        .filter_map(|route| route.name)
        .collect();
    // The second handler of a name shows its path, and other cases have handlers of these names.
    let expected = ["list → any valid token", "list → public", "r#match → public"];
    assert_eq!(names.len(), expected.len());
    for (name, expected) in names.iter().zip(expected) {
        assert!(name.ends_with(expected), "{name}");
    }
    assert_eq!(posts::comments::routes().len(), 4);
}

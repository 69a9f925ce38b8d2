//! Policies behind paths, `use`, aliases and globs, over claims that are private where they are used.
#![deny(warnings)]

mod accounts {
    use jwt_auth::Claims;
    use serde::{Deserialize, Serialize};

    #[derive(Claims, Serialize, Deserialize)]
    pub struct User {
        #[claims(subject)]
        id: u64,
        #[claims(roles)]
        roles: Vec<String>,
    }

    impl User {
        pub(super) fn is_first(&self) -> bool {
            self.id == 1
        }
    }

    pub mod policies {
        use jwt_auth::policy;

        use super::User;

        #[policy(User, role = "editor")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct CanEdit;

        #[policy(User, policy = self::CanEdit, policy = super::super::First)]
        pub struct CanDelete;
    }
}

use accounts::policies::CanDelete as Delete;
use accounts::policies::*;

#[jwt_auth::policy(accounts::User, check = accounts::User::is_first)]
struct First;

type Edit = CanEdit;

#[jwt_auth::require_auth(policy = Edit)]
#[rocket::get("/alias")]
fn alias() {}

#[jwt_auth::require_auth(any(policy = Delete, policy = crate::policy::pass::across_modules::First))]
#[rocket::get("/use")]
fn by_use() {}

#[test]
fn policies_are_found_across_modules() {
    assert_eq!(jwt_auth::routes![alias, by_use].len(), 2);
    assert_eq!(CanEdit, CanEdit::default());
}

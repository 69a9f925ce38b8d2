//! Attributes that `use` renames, or that come from a prelude or a glob import.
#![deny(warnings)]

mod prelude {
    pub use jwt_auth::{
        Claims as TokenData, policy as rule, public as open, require_auth as members_only, routes as handlers,
    };
    pub use rocket::{delete, get};
}

use prelude::*;

#[derive(TokenData, serde::Serialize, serde::Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
}

#[rule(User, check = |user| user.id == 7)]
struct Seven;

#[members_only(policy = Seven)]
#[get("/")]
fn seven() {}

#[members_only(User, check = |user, id| user.id == id)]
#[delete("/<id>")]
fn own(id: u64) -> String {
    id.to_string()
}

#[open]
#[get("/open")]
fn index() {}

#[test]
fn renamed_attributes_work() {
    assert_eq!(handlers![seven, own, index].len(), 3);
}

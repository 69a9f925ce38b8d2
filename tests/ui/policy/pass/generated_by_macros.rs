//! Policies that declarative macros define.
#![deny(warnings)]

use jwt_auth::{Claims, RoutePolicy, policy, require_auth};
use rocket::get;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
pub struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<String>,
}

macro_rules! may {
    ($($(#[$doc:meta])* $vis:vis $name:ident: $($role:literal)|+;)*) => {$(
        $(#[$doc])*
        #[policy(User, any($(role = $role),+))]
        $vis struct $name;
    )*};
}

may! {
    /// A doc comment.
    pub Read: "reader" | "editor" | "admin";
    Write: "editor" | "admin";
}

macro_rules! both {
    ($name:ident = $first:path, $second:path, $check:expr) => {
        #[policy(User, policy = $first, not(policy = $second), check = $check)]
        struct $name;
    };
}

both!(ReadOnly = Read, Write, |user| user.id != 0);

#[require_auth(policy = ReadOnly)]
#[get("/")]
fn read_only() {}

#[test]
fn policies_generated_by_macros_show_their_clauses() {
    assert_eq!(jwt_auth::routes![read_only].len(), 1);
    assert_eq!(
        read_only::access().to_string(),
        "policy = ReadOnly { all(policy = Read { any(role = \"reader\", role = \"editor\", role = \"admin\") }, \
         not(policy = Write { any(role = \"editor\", role = \"admin\") }), check = |user| user.id != 0) }"
    );
}

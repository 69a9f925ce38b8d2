//! Declarative macros that define handlers, policies, modules and lists of routes.
#![deny(warnings)]

use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

#[derive(Claims, Serialize, Deserialize)]
pub struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<String>,
}

macro_rules! resource {
    ($module:ident, $item:ty, $role:literal, $list:literal, $one:literal) => {
        mod $module {
            use jwt_auth::{Auth, policy, public, require_auth, routes};
            use rocket::{Route, delete, get, post};

            #[policy(super::User, role = $role)]
            pub struct CanWrite;

            #[public]
            #[get($list)]
            fn list() {}

            #[require_auth(policy = CanWrite)]
            #[post($list, data = "<item>")]
            fn create(item: rocket::serde::json::Json<$item>, user: Auth<super::User>) -> String {
                format!("{:?} by {}", item.into_inner(), user.id)
            }

            #[require_auth(policy = CanWrite, check = |user, id| user.id == id)]
            #[delete($one)]
            fn remove(id: u64) -> String {
                id.to_string()
            }

            pub fn routes() -> Vec<Route> {
                routes![list, create, remove]
            }
        }
    };
}

resource!(posts, String, "editor", "/posts", "/posts/<id>");
resource!(scores, Vec<u8>, "player", "/scores", "/scores/<id>");

// Parts of the attributes are arguments of the macro. (Rocket's own attributes do not support that, nor does the type
// of a parameter.)
macro_rules! handler {
    ([$($claims:tt)*] $name:ident at $uri:literal($parameter:ident) $body:block) => {
        #[jwt_auth::require_auth($($claims)*)]
        #[rocket::get($uri)]
        fn $name($parameter: u64) -> String $body
    };
}

handler! {
    [User, any(role = "admin", check = |user, id: u64| user.id == id)]
    passed at "/handler/<id>"(id) { id.to_string() }
}

// A macro that defines a macro.
macro_rules! outer {
    ($name:ident) => {
        macro_rules! inner {
            ($uri:literal) => {
                #[jwt_auth::require_auth(User, role = stringify!($name))]
                #[rocket::get($uri)]
                fn $name() -> &'static str {
                    $uri
                }
            };
        }
        inner!("/inner");
    };
}

outer!(nested);

macro_rules! all {
    ($($handler:path),*) => { jwt_auth::routes![$($handler),*] };
}

#[test]
fn handlers_generated_by_macros_can_be_mounted() {
    assert_eq!(posts::routes().len() + scores::routes().len(), 6);
    assert_eq!(all![passed, self::nested].len(), 2);
}

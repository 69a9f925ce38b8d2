//! A library of handlers and policies for apps to mount. It renames its dependency `jwt-auth`, so it needs the next
//! line.

pub extern crate auth;
extern crate auth as jwt_auth;

use auth::{Auth, Claims, require_auth};
use rocket::{Route, get};
use serde::{Deserialize, Serialize};

/// The claims that the library needs. The claims of the app may contain more.
#[derive(Claims, Serialize, Deserialize)]
pub struct Editor {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: Vec<String>,
}

/// Any user.
#[require_auth]
#[get("/me")]
pub fn me(user: Auth<Editor>) -> String {
    format!("{} {}", user.id, user.roles.join(" "))
}

/// Handlers in a module.
pub mod posts {
    use auth::{policy, require_auth};
    use rocket::put;

    use super::Editor;

    /// A policy that apps can use for their own handlers, too.
    #[policy(Editor, role = "editor")]
    pub struct CanWrite;

    /// A policy with a parameter, which apps can use for their own handlers, too.
    #[policy(Editor, check = |editor, author| editor.id == author)]
    pub struct Owns {
        /// The id of the author.
        pub author: u64,
    }

    /// Only editors, and only their own posts.
    #[require_auth(policy = CanWrite, policy = Owns(id))]
    #[put("/posts/<id>")]
    pub fn write(id: u64) -> String {
        id.to_string()
    }
}

/// Creates a route of the app for an editor who meets a policy of the app.
#[macro_export]
macro_rules! editors_only {
    ($name:ident at $uri:literal, $policy:path) => {
        #[$crate::auth::require_auth($crate::Editor, policy = $policy)]
        #[rocket::get($uri)]
        fn $name(editor: $crate::auth::Auth<$crate::Editor>) -> String {
            $crate::Editor::name(&editor)
        }
    };
}

impl Editor {
    /// Returns the name that the routes of `editors_only!` show.
    pub fn name(&self) -> String {
        format!("editor {}", self.id)
    }
}

/// Returns all routes of the library.
pub fn routes() -> Vec<Route> {
    auth::routes![me, posts::write]
}

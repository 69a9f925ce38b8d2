//! Handlers and policies of a library, for apps to mount. It renames its dependency `jwt-auth`, which needs the
//! next line.

extern crate auth as jwt_auth;

use auth::{Auth, Claims, require_auth};
use rocket::{Route, get};
use serde::{Deserialize, Serialize};

/// The claims that the library needs; those of the app may hold more.
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

    /// A policy of the library, for the handlers of apps as well.
    #[policy(Editor, role = "editor")]
    pub struct CanWrite;

    /// Editors alone.
    #[require_auth(policy = CanWrite, check = |user, id| user.id == id)]
    #[put("/posts/<id>")]
    pub fn write(id: u64) -> String {
        id.to_string()
    }
}

/// All of them.
pub fn routes() -> Vec<Route> {
    auth::routes![me, posts::write]
}

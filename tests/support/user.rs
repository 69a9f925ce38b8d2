//! The claims of the test apps.

use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

/// A user whose name is their subject.
#[derive(Claims, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// The subject.
    #[claims(subject)]
    pub name: String,
    /// Such as `admin`.
    #[claims(roles)]
    #[serde(default)]
    pub roles: Vec<String>,
    /// Separated by spaces.
    #[claims(scope)]
    #[serde(default)]
    pub scope: String,
}

/// A user without roles and scopes.
pub fn user(name: &str) -> User {
    User { name: name.to_owned(), roles: Vec::new(), scope: String::new() }
}

impl User {
    /// The same user, with a role.
    pub fn role(mut self, role: &str) -> Self {
        self.roles.push(role.to_owned());
        self
    }

    /// The same user, with these scopes.
    pub fn scope(mut self, scope: &str) -> Self {
        self.scope = scope.to_owned();
        self
    }
}

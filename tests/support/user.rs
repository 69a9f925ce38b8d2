//! The claims of the test apps.

use jwt_auth::Claims;
use serde::{Deserialize, Serialize};

/// A user, with the name as the subject.
#[derive(Claims, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// The subject.
    #[claims(subject)]
    pub name: String,
    /// The roles, such as `admin`.
    #[claims(roles)]
    #[serde(default)]
    pub roles: Vec<String>,
    /// The scopes, separated by spaces.
    #[claims(scope)]
    #[serde(default)]
    pub scope: String,
}

/// Returns a user without roles and scopes.
pub fn user(name: &str) -> User {
    User { name: name.to_owned(), roles: Vec::new(), scope: String::new() }
}

impl User {
    /// Adds a role.
    pub fn role(mut self, role: &str) -> Self {
        self.roles.push(role.to_owned());
        self
    }

    /// Sets the scopes.
    pub fn scope(mut self, scope: &str) -> Self {
        self.scope = scope.to_owned();
        self
    }
}

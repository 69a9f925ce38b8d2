//! The claims of the test apps.

use jwt_auth::Claims;
use jwt_auth::claims::{HasRoles, HasScope, ScopeValue};
use serde::{Deserialize, Serialize};

/// A user whose name is their subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// The subject.
    pub name: String,
    /// Such as `admin`.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Separated by spaces.
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

// By hand, so that the runtime is tested also where the macros do not compile.
impl Claims for User {
    const SUBJECT_FIELD: Option<&'static str> = Some("name");

    fn subject(&self) -> String {
        self.name.clone()
    }
}

impl HasRoles for User {
    type Role = String;

    fn roles(&self) -> impl Iterator<Item = &String> {
        self.roles.iter()
    }
}

impl HasScope for User {
    fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope.scopes()
    }
}

//! The accounts. A real app has them in a database.

use jwt_auth::{AuthError, Claims, Passwords};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The claims of an access token. `ToSchema` describes them in the document.
#[derive(Claims, Serialize, Deserialize, ToSchema)]
pub struct User {
    #[claims(subject)]
    pub id: u64,
    pub username: String,
    #[claims(roles)]
    pub roles: Vec<Role>,
    /// Separated by spaces.
    #[claims(scope)]
    pub scope: String,
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Admin,
    User,
}

struct Account {
    id: u64,
    username: &'static str,
    role: Role,
    scope: &'static str,
    password_hash: &'static str,
}

const ACCOUNTS: [Account; 2] = [
    Account {
        id: 1,
        username: "admin",
        role: Role::Admin,
        scope: "statistics:read",
        password_hash: "$argon2id$v=19$m=19456,t=2,p=1$3hkAqAkoOcBkBVzMjJw79w$qFuVGH3w9jPnrBsS3Ws8lwmGXqkYqHDwSeTekC78wgI",
    },
    Account {
        id: 2,
        username: "demo",
        role: Role::User,
        scope: "",
        password_hash: "$argon2id$v=19$m=19456,t=2,p=1$k+Jf6tFU4HKrt2Y5Yp6xgw$10ng1Ky44+fRIcHAYDzacKIUwruZnYC5WX0FFSfGNF4",
    },
];

impl Account {
    fn user(&self) -> User {
        let Self { id, username, role, scope, .. } = *self;
        User { id, username: username.to_owned(), roles: vec![role], scope: scope.to_owned() }
    }
}

/// Returns the user with this id.
pub fn find(id: u64) -> Option<User> {
    ACCOUNTS.iter().find(|account| account.id == id).map(Account::user)
}

/// Returns all users.
pub fn all() -> Vec<User> {
    ACCOUNTS.iter().map(Account::user).collect()
}

/// Returns the user with this name and this password.
pub async fn sign_in(
    passwords: &Passwords,
    username: &str,
    password: String,
) -> Result<Option<User>, AuthError> {
    let account = ACCOUNTS.iter().find(|account| account.username == username);
    let check = passwords.verify(account.map(|account| account.password_hash), password).await?;
    Ok(account.filter(|_| check.is_right()).map(Account::user))
}

//! Who may sign in. A real app asks its database.

use jwt_auth::Claims;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::passwords;

/// What an access token says about a user.
#[derive(Claims, Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct User {
    #[claims(subject)]
    pub id: u64,
    pub username: String,
    #[claims(roles)]
    pub roles: Vec<Role>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Admin,
    User,
}

struct Account {
    id: u64,
    username: &'static str,
    role: Role,
    /// Argon2id, as `argon2 SALT -id -k 19456 -t 2 -p 1 -e` prints it.
    password_hash: &'static str,
}

const ACCOUNTS: [Account; 2] = [
    Account {
        id: 1,
        username: "admin",
        role: Role::Admin,
        password_hash: "$argon2id$v=19$m=19456,t=2,p=1$3hkAqAkoOcBkBVzMjJw79w$qFuVGH3w9jPnrBsS3Ws8lwmGXqkYqHDwSeTekC78wgI",
    },
    Account {
        id: 2,
        username: "demo",
        role: Role::User,
        password_hash: "$argon2id$v=19$m=19456,t=2,p=1$k+Jf6tFU4HKrt2Y5Yp6xgw$10ng1Ky44+fRIcHAYDzacKIUwruZnYC5WX0FFSfGNF4",
    },
];

impl Account {
    fn user(&self) -> User {
        User { id: self.id, username: self.username.to_owned(), roles: vec![self.role] }
    }
}

/// The user with this id, as they are now.
pub fn find(id: u64) -> Option<User> {
    ACCOUNTS.iter().find(|account| account.id == id).map(Account::user)
}

/// All users.
pub fn all() -> Vec<User> {
    ACCOUNTS.iter().map(Account::user).collect()
}

/// Returns the user with this name, if the password is theirs. Takes the same time for an unknown name.
pub async fn sign_in(username: &str, password: String) -> Option<User> {
    let account = ACCOUNTS.iter().find(|account| account.username == username);
    let is_right = passwords::is_right(password, account.unwrap_or(&ACCOUNTS[0]).password_hash).await;
    account.filter(|_| is_right).map(Account::user)
}

//! The accounts, in memory. A real app keeps them in a database.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jwt_auth::{AuthError, Claims, Passwords};
use serde::{Deserialize, Serialize};

/// The claims of an access token.
#[derive(Claims, Serialize, Deserialize)]
pub struct User {
    #[claims(subject)]
    pub id: u64,
    pub username: String,
    #[claims(roles)]
    pub roles: Vec<Role>,
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Admin,
    User,
}

#[derive(Clone)]
struct Account {
    id: u64,
    username: String,
    role: Role,
    password_hash: String,
}

impl Account {
    fn user(&self) -> User {
        User { id: self.id, username: self.username.clone(), roles: vec![self.role] }
    }
}

/// Clones share the accounts, and the limits of `Passwords`.
#[derive(Clone)]
pub struct Accounts {
    table: Arc<Mutex<Vec<Account>>>,
    passwords: Passwords,
}

impl Accounts {
    /// Creates the accounts `admin` and `demo`.
    pub fn new() -> Self {
        let account = |id, username: &str, role, password_hash: &str| Account {
            id,
            username: username.to_owned(),
            role,
            password_hash: password_hash.to_owned(),
        };
        let table = vec![
            account(
                1,
                "admin",
                Role::Admin,
                "$argon2id$v=19$m=19456,t=2,p=1$3hkAqAkoOcBkBVzMjJw79w$qFuVGH3w9jPnrBsS3Ws8lwmGXqkYqHDwSeTekC78wgI",
            ),
            account(
                2,
                "demo",
                Role::User,
                "$argon2id$v=19$m=19456,t=2,p=1$k+Jf6tFU4HKrt2Y5Yp6xgw$10ng1Ky44+fRIcHAYDzacKIUwruZnYC5WX0FFSfGNF4",
            ),
        ];
        Self { table: Arc::new(Mutex::new(table)), passwords: Passwords::new() }
    }

    /// Returns the user with this id.
    pub fn find(&self, id: u64) -> Option<User> {
        self.table().iter().find(|account| account.id == id).map(Account::user)
    }

    /// Returns the user with this name and this password.
    pub async fn authenticate(&self, username: &str, password: &str) -> Result<Option<User>, AuthError> {
        let account = self.by_name(username);
        let hash = account.as_ref().map(|account| account.password_hash.as_str());
        // Without an account, this takes as long as with one.
        let check = self.passwords.verify(hash, password).await?;
        let Some(account) = account.filter(|_| check.is_right()) else { return Ok(None) };
        if check.needs_rehash() {
            self.rehash(&account, password).await;
        }
        Ok(Some(account.user()))
    }

    /// Creates an account. Returns `None` if the name is taken.
    pub async fn register(&self, username: &str, password: &str) -> Result<Option<User>, AuthError> {
        // Otherwise, taken names would cost hashes. The shorter time reveals no more than the response.
        if self.by_name(username).is_some() {
            return Ok(None);
        }
        let password_hash = self.passwords.hash(password).await?;
        let mut table = self.table();
        // Another registration may have taken the name in the meantime. In a database, a unique index decides.
        if table.iter().any(|account| account.username == username) {
            return Ok(None);
        }
        let id = table.len() as u64 + 1;
        let account = Account { id, username: username.to_owned(), role: Role::User, password_hash };
        let user = account.user();
        table.push(account);
        Ok(Some(user))
    }

    /// Replaces a hash with other parameters than new hashes have. If there is no room for it, a later sign-in does it.
    async fn rehash(&self, account: &Account, password: &str) {
        let Ok(new) = self.passwords.hash(password).await else { return };
        // `UPDATE … WHERE id = … AND password_hash = …`: the user may have changed the password in the meantime.
        let mut table = self.table();
        let is_same = |row: &&mut Account| row.id == account.id && row.password_hash == account.password_hash;
        if let Some(row) = table.iter_mut().find(is_same) {
            row.password_hash = new;
        }
    }

    fn by_name(&self, username: &str) -> Option<Account> {
        self.table().iter().find(|account| account.username == username).cloned()
    }

    fn table(&self) -> MutexGuard<'_, Vec<Account>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "correct horse battery staple";

    fn hash_of(accounts: &Accounts, username: &str) -> String {
        accounts.by_name(username).expect("the account exists").password_hash
    }

    async fn is_right(accounts: &Accounts, username: &str, password: &str) -> bool {
        accounts.authenticate(username, password).await.expect("there is room for the hash").is_some()
    }

    #[rocket::async_test]
    async fn a_sign_in_replaces_a_weak_hash() {
        let accounts = Accounts::new();
        let current = hash_of(&accounts, "admin");
        assert!(is_right(&accounts, "admin", PASSWORD).await);
        assert_eq!(hash_of(&accounts, "admin"), current);

        let weak =
            Passwords::builder().memory_kib(8).iterations(1).build().expect("the parameters are valid");
        let weak = weak.hash(PASSWORD).await.expect("there is room for the hash");
        accounts.table()[0].password_hash = weak.clone();
        assert!(!is_right(&accounts, "admin", "hunter2hunter2").await);
        assert_eq!(hash_of(&accounts, "admin"), weak);
        assert!(is_right(&accounts, "admin", PASSWORD).await);
        let replaced = hash_of(&accounts, "admin");
        assert!(replaced.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && replaced != current, "{replaced}");
        assert!(is_right(&accounts, "admin", PASSWORD).await);
    }

    #[rocket::async_test]
    async fn a_rehash_does_not_revert_a_change_of_the_password() {
        let accounts = Accounts::new();
        let before = accounts.by_name("admin").expect("the account exists");
        accounts.table()[0].password_hash = "changed".to_owned();
        accounts.rehash(&before, PASSWORD).await;
        assert_eq!(hash_of(&accounts, "admin"), "changed");
    }

    #[rocket::async_test]
    async fn two_registrations_at_once_create_one_account() {
        let accounts = Accounts::new();
        let (first, second) =
            rocket::tokio::join!(accounts.register("ada", PASSWORD), accounts.register("ada", PASSWORD));
        let created = [first, second].map(|result| result.expect("there is room for the hash").is_some());
        assert_eq!(created.iter().filter(|created| **created).count(), 1);
        assert_eq!(accounts.table().len(), 3);
    }
}

//! The members, and the claims of their tokens. A real app asks its database.

use argon2::{Argon2, PasswordVerifier};
use jwt_auth::{Claims, RoleHierarchy};
use rocket::tokio::sync::Semaphore;
use rocket::tokio::task::spawn_blocking;
use serde::{Deserialize, Serialize};

/// A member of a team.
#[derive(Claims, Clone, Serialize, Deserialize)]
pub struct Member {
    #[claims(subject)]
    pub id: u64,
    pub team: String,
    /// None, in the token of a program.
    #[claims(roles)]
    pub role: Option<Role>,
    /// What a program may do. People have roles.
    #[claims(scope)]
    #[serde(default)]
    pub scope: String,
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Owner,
    Editor,
    Reader,
}

/// Policies name the least role that is sufficient: an owner has all of them.
impl RoleHierarchy for Role {
    fn implies(&self) -> Vec<Role> {
        match self {
            Role::Owner => vec![Role::Editor],
            Role::Editor => vec![Role::Reader],
            Role::Reader => vec![],
        }
    }
}

impl Member {
    pub fn is_of(&self, team: &str) -> bool {
        self.team == team
    }

    /// The same member as a program that acts for them, with only these scopes. It is the same kind of claims and
    /// the same subject, so a logout everywhere revokes its tokens as well.
    pub fn program(&self, scope: &str) -> Self {
        Self { role: None, scope: scope.to_owned(), ..self.clone() }
    }
}

struct Account {
    id: u64,
    name: &'static str,
    team: &'static str,
    role: Role,
}

const ACCOUNTS: [Account; 4] = [
    Account { id: 1, name: "olga", team: "acme", role: Role::Owner },
    Account { id: 2, name: "eddie", team: "acme", role: Role::Editor },
    Account { id: 3, name: "rita", team: "acme", role: Role::Reader },
    Account { id: 4, name: "gus", team: "globex", role: Role::Owner },
];

/// Of the password of all of them, Argon2id: as `argon2 SALT -id -k 19456 -t 2 -p 1 -e` prints it.
const PASSWORD_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$3hkAqAkoOcBkBVzMjJw79w$qFuVGH3w9jPnrBsS3Ws8lwmGXqkYqHDwSeTekC78wgI";

impl Account {
    fn member(&self) -> Member {
        let (team, scope) = (self.team.to_owned(), String::new());
        Member { id: self.id, team, role: Some(self.role), scope }
    }
}

/// The member with this id, as they are now.
pub fn find(id: u64) -> Option<Member> {
    ACCOUNTS.iter().find(|account| account.id == id).map(Account::member)
}

/// How many passwords are hashed at a time: each takes 19 MiB of memory and all of a core. `passwords.rs` of the
/// example app uses that memory again.
static HASHING: Semaphore = Semaphore::const_new(2);

/// Returns the member with this name, if the password is theirs. Takes the same time for an unknown name.
pub async fn sign_in(name: &str, password: String) -> Option<Member> {
    let permit = HASHING.acquire().await.ok()?;
    let verified = spawn_blocking(move || {
        // Until it is done, even if the request is gone.
        let _permit = permit;
        Argon2::default().verify_password(password.as_bytes(), PASSWORD_HASH).is_ok()
    });
    let right = verified.await.unwrap_or(false);
    ACCOUNTS.iter().find(|account| right && account.name == name).map(Account::member)
}

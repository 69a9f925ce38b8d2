//! The members of the teams. A real app has them in a database.

use jwt_auth::{AuthError, Claims, Passwords, RoleHierarchy};
use serde::{Deserialize, Serialize};

/// The claims of an access token: a member of a team, or a program that acts for a member.
#[derive(Claims, Clone, Serialize, Deserialize)]
pub struct Member {
    #[claims(subject)]
    pub id: u64,
    pub team: String,
    /// Programs have no role.
    #[claims(roles)]
    pub role: Option<Role>,
    /// The scopes of a program, separated by spaces. People have no scopes.
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

/// An owner has all roles, so a policy names the lowest role that is sufficient.
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
    pub fn is_in(&self, team: &str) -> bool {
        self.team == team
    }

    /// Returns the claims of a program that acts for this member, with these scopes only. They are of the same kind and
    /// the same subject, so a logout everywhere also revokes the tokens of the program.
    pub fn program(&self, scope: &str) -> Self {
        Self { role: None, scope: scope.to_owned(), ..self.clone() }
    }
}

struct Account {
    id: u64,
    name: &'static str,
    team: &'static str,
    role: Role,
    password_hash: &'static str,
}

/// The hash of the password of all accounts.
const PASSWORD_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$3hkAqAkoOcBkBVzMjJw79w$qFuVGH3w9jPnrBsS3Ws8lwmGXqkYqHDwSeTekC78wgI";

const ACCOUNTS: [Account; 4] = [
    Account { id: 1, name: "olga", team: "acme", role: Role::Owner, password_hash: PASSWORD_HASH },
    Account { id: 2, name: "eddie", team: "acme", role: Role::Editor, password_hash: PASSWORD_HASH },
    Account { id: 3, name: "rita", team: "acme", role: Role::Reader, password_hash: PASSWORD_HASH },
    Account { id: 4, name: "gus", team: "globex", role: Role::Owner, password_hash: PASSWORD_HASH },
];

impl Account {
    fn member(&self) -> Member {
        let (team, scope) = (self.team.to_owned(), String::new());
        Member { id: self.id, team, role: Some(self.role), scope }
    }
}

/// Returns the member with this id.
pub fn find(id: u64) -> Option<Member> {
    ACCOUNTS.iter().find(|account| account.id == id).map(Account::member)
}

/// Returns the member with this name and this password.
pub async fn sign_in(
    passwords: &Passwords,
    name: &str,
    password: String,
) -> Result<Option<Member>, AuthError> {
    let account = ACCOUNTS.iter().find(|account| account.name == name);
    let check = passwords.verify(account.map(|account| account.password_hash), password).await?;
    Ok(account.filter(|_| check.is_right()).map(Account::member))
}

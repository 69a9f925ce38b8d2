//! The service that signs users in and out. Only this service has the private key.

use jwt_auth::{AuthError, Claims, Credentials, Jwks, JwtAuth, Passwords, Throttle, TokenPair, public};
use rocket::http::Status;
use rocket::{Build, Rocket, State, get, post};
use serde::{Deserialize, Serialize};

/// The claims of an access token.
#[derive(Claims, Serialize, Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    username: String,
    #[claims(roles)]
    roles: Vec<String>,
}

#[derive(Deserialize)]
struct Login {
    username: String,
    password: String,
}

#[public]
#[post("/login", data = "<login>")]
async fn login(
    throttle: Throttle<'_>,
    login: Credentials<Login>,
    passwords: &State<Passwords>,
    auth: &JwtAuth,
) -> Result<TokenPair, AuthError> {
    let Login { username, password } = login.into_inner();
    let check = async { sign_in(passwords, &username, password).await?.ok_or(AuthError::InvalidCredentials) };
    let user = throttle.attempt(&username, check).await?;
    auth.generate_tokens(&user).await
}

#[derive(Deserialize)]
struct RefreshToken {
    refresh_token: String,
}

#[public]
#[post("/refresh", data = "<body>")]
async fn refresh(body: Credentials<RefreshToken>, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    auth.refresh(&body.refresh_token, async |id: u64| find(id)).await
}

#[public]
#[post("/logout", data = "<body>")]
async fn logout(body: Credentials<RefreshToken>, auth: &JwtAuth) -> Result<Status, AuthError> {
    auth.invalidate_refresh_token(&body.refresh_token).await?;
    Ok(Status::NoContent)
}

/// Returns the public key, for services that do not use `jwt-auth`.
#[public]
#[get("/.well-known/jwks.json")]
fn jwks(auth: &JwtAuth) -> Jwks {
    auth.jwks()
}

/// Returns the service, with the settings of `accounts.toml`.
pub fn rocket() -> Rocket<Build> {
    rocket::custom(crate::config(concat!(env!("CARGO_MANIFEST_DIR"), "/accounts.toml")))
        .attach(JwtAuth::fairing())
        .manage(Passwords::new())
        .mount("/", jwt_auth::routes![login, refresh, logout, jwks])
        .register("/", jwt_auth::catchers())
}

/// A real app has its accounts in a database.
struct Account {
    id: u64,
    username: &'static str,
    role: &'static str,
    password_hash: &'static str,
}

const ACCOUNTS: [Account; 2] = [
    Account {
        id: 1,
        username: "admin",
        role: "clerk",
        password_hash: "$argon2id$v=19$m=19456,t=2,p=1$3hkAqAkoOcBkBVzMjJw79w$qFuVGH3w9jPnrBsS3Ws8lwmGXqkYqHDwSeTekC78wgI",
    },
    Account {
        id: 2,
        username: "demo",
        role: "customer",
        password_hash: "$argon2id$v=19$m=19456,t=2,p=1$k+Jf6tFU4HKrt2Y5Yp6xgw$10ng1Ky44+fRIcHAYDzacKIUwruZnYC5WX0FFSfGNF4",
    },
];

impl Account {
    fn user(&self) -> User {
        User { id: self.id, username: self.username.to_owned(), roles: vec![self.role.to_owned()] }
    }
}

/// Returns the user with this id.
fn find(id: u64) -> Option<User> {
    ACCOUNTS.iter().find(|account| account.id == id).map(Account::user)
}

/// Returns the user with this name and this password.
async fn sign_in(passwords: &Passwords, username: &str, password: String) -> Result<Option<User>, AuthError> {
    let account = ACCOUNTS.iter().find(|account| account.username == username);
    let check = passwords.verify(account.map(|account| account.password_hash), password).await?;
    Ok(account.filter(|_| check.is_right()).map(Account::user))
}

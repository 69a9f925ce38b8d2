//! The service that signs users in and out. Only it has the private key.

use argon2::{Argon2, PasswordVerifier};
use jwt_auth::{AuthError, Claims, Credentials, Jwks, JwtAuth, TokenPair, public};
use rocket::http::Status;
use rocket::tokio::sync::Semaphore;
use rocket::tokio::task::spawn_blocking;
use rocket::{Build, Rocket, get, post};
use serde::{Deserialize, Serialize};

/// What an access token says about a user.
#[derive(Claims, Clone, Serialize, Deserialize)]
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
async fn login(login: Credentials<Login>, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    let Login { username, password } = login.into_inner();
    let user = sign_in(&username, password).await.ok_or(AuthError::InvalidCredentials)?;
    auth.generate_tokens(&user).await
}

#[derive(Deserialize)]
struct Refresh {
    refresh_token: String,
}

#[public]
#[post("/refresh", data = "<body>")]
async fn refresh(body: Credentials<Refresh>, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    auth.refresh(&body.refresh_token, async |id: u64| find(|account| account.id == id).map(Account::user))
        .await
}

#[public]
#[post("/logout", data = "<body>")]
async fn logout(body: Credentials<Refresh>, auth: &JwtAuth) -> Result<Status, AuthError> {
    auth.invalidate_refresh_token(&body.refresh_token).await?;
    Ok(Status::NoContent)
}

/// For services that do not use this crate.
#[public]
#[get("/.well-known/jwks.json")]
fn jwks(auth: &JwtAuth) -> Jwks {
    auth.jwks()
}

/// The service, with the settings of `accounts.toml`.
pub fn rocket() -> Rocket<Build> {
    rocket::custom(crate::config(concat!(env!("CARGO_MANIFEST_DIR"), "/accounts.toml")))
        .attach(JwtAuth::fairing())
        .mount("/", jwt_auth::routes![login, refresh, logout, jwks])
        .register("/", jwt_auth::catchers())
}

/// A real app asks its database.
struct Account {
    id: u64,
    username: &'static str,
    role: &'static str,
    /// Argon2id, as `argon2 SALT -id -k 19456 -t 2 -p 1 -e` prints it.
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

fn find(is_wanted: impl Fn(&Account) -> bool) -> Option<&'static Account> {
    ACCOUNTS.iter().find(|account| is_wanted(account))
}

/// How many passwords are hashed at a time: each takes 19 MiB of memory and all of a core.
static HASHING: Semaphore = Semaphore::const_new(2);

/// Returns the user with this name, if the password is theirs. Takes the same time for an unknown name.
async fn sign_in(username: &str, password: String) -> Option<User> {
    let account = find(|account| account.username == username);
    let hash = account.unwrap_or(&ACCOUNTS[0]).password_hash;
    let permit = HASHING.acquire().await.ok()?;
    let verified = spawn_blocking(move || {
        // Until it is done, even if the request is gone.
        let _permit = permit;
        Argon2::default().verify_password(password.as_bytes(), hash).is_ok()
    });
    let right = verified.await.unwrap_or(false);
    account.filter(|_| right).map(Account::user)
}

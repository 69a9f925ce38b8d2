//! Passwords, kept as Argon2id hashes.

mod builder;
mod check;
mod gate;
mod hasher;
mod memory;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use argon2::password_hash::Error;
use zeroize::Zeroizing;

use self::gate::Gate;
use self::hasher::Hasher;
use crate::error::{AuthError, MalformedCredentials};

pub use self::builder::PasswordsBuilder;
pub use self::check::PasswordCheck;

/// Hashes and verifies passwords with Argon2id (RFC 9106), on threads that serve no requests.
///
/// Create one per process and keep it in Rocket's managed state. Clones are cheap and share its limits.
///
/// ```
/// # #[cfg(feature = "macros")] mod app {
/// use jwt_auth::{AuthError, Claims, Credentials, JwtAuth, Passwords, Throttle, TokenPair, public};
/// use rocket::{State, post};
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Claims, Serialize, Deserialize)] struct User { #[claims(subject)] id: u64 }
/// # #[derive(Deserialize)] struct Login { username: String, password: String }
/// # struct Account { id: u64, password_hash: String }
/// # async fn find(username: &str) -> Result<Option<Account>, AuthError> { Ok(None) }
/// # async fn store_hash(id: u64, old: &str, new: &str) -> Result<(), AuthError> { Ok(()) }
///
/// #[public]
/// #[post("/login", data = "<login>")]
/// async fn login(
///     throttle: Throttle<'_>,
///     login: Credentials<Login>,
///     passwords: &State<Passwords>,
///     auth: &JwtAuth,
/// ) -> Result<TokenPair, AuthError> {
///     let check = async {
///         let account = find(&login.username).await?;
///         let hash = account.as_ref().map(|account| account.password_hash.as_str());
///         // Without an account, this takes as long as with one.
///         let check = passwords.verify(hash, &login.password).await?;
///         let account = account.filter(|_| check.is_right()).ok_or(AuthError::InvalidCredentials)?;
///         Ok((account, check))
///     };
///     let (account, check) = throttle.attempt(&login.username, check).await?;
///     if check.needs_rehash() {
///         // If this fails, the next sign-in tries again.
///         if let Ok(hash) = passwords.hash(&login.password).await {
///             store_hash(account.id, &account.password_hash, &hash).await?;
///         }
///     }
///     auth.generate_tokens(&User { id: account.id }).await
/// }
///
/// fn rocket() -> rocket::Rocket<rocket::Build> {
///     rocket::build()
///         .manage(Passwords::new())
///         .attach(JwtAuth::fairing())
///         .mount("/", jwt_auth::routes![login])
/// }
/// # }
/// ```
///
/// # Defaults
///
/// | | default | reason |
/// |---|---|---|
/// | parameters | Argon2id, 19,456 KiB of memory, 2 iterations, 1 lane | the minimum that the OWASP Password Storage Cheat Sheet recommends. A hash takes 20 to 50 ms of a core, which a user does not notice, but which slows down every guess of an attacker who has the hashes |
/// | at once | half of the cores, between 1 and 8 | each hash keeps a core and 19 MiB busy. The other cores continue to serve requests, and 8 hashes take 152 MiB, which the process keeps for the next ones |
/// | waiting | 32 for each hash at once | the last one waits for one or two seconds. A client that waits longer tries again, which only adds load |
/// | password | at most 4 KiB ([`MAX_LENGTH`](Self::MAX_LENGTH)) | longer than any passphrase, and short enough that its length makes no difference in time |
///
/// [`builder`](Self::builder) changes the parameters and the limits. The [guide](crate::guide::passwords) explains
/// migrations, rehashes and limits.
#[derive(Clone)]
pub struct Passwords {
    hasher: Arc<Hasher>,
    gate: Gate,
}

impl Passwords {
    /// The maximum length of a password, in bytes. A longer one is never right, and [`hash`](Self::hash) rejects it.
    pub const MAX_LENGTH: usize = 4096;

    /// Creates a `Passwords` with the [defaults](Self#defaults).
    pub fn new() -> Self {
        Self::builder().build().expect("the defaults are valid")
    }

    /// Returns a builder, for other parameters or limits.
    pub fn builder() -> PasswordsBuilder {
        PasswordsBuilder::new()
    }

    /// Returns whether a password is the one that was hashed.
    ///
    /// Pass `None` as the hash if there is no such account. The result is then [`Wrong`](PasswordCheck::Wrong), after as
    /// much work as for an account, so that the time does not reveal which accounts exist. The same holds for
    ///
    /// - a hash that is not a PHC string of Argon2, such as one of bcrypt or an empty text;
    /// - a hash that would need more than 128 MiB, or more than 512 MiB times iterations, unless the parameters in use need
    ///   more themselves: a corrupt database must not exhaust memory;
    /// - a password longer than [`MAX_LENGTH`](Self::MAX_LENGTH).
    ///
    /// If the request is cancelled while it waits, it stops waiting. If it is cancelled later, the hash is computed to the
    /// end, and counts against the limits until then.
    ///
    /// # Errors
    ///
    /// - [`AuthError::TemporarilyUnavailable`], a 503 with `Retry-After`, at once if too many passwords are already waiting,
    ///   or if there is no memory left.
    /// - [`AuthError::Internal`] if hashing panics, or for an error of Argon2 that indicates a bug.
    pub async fn verify<'h>(
        &self,
        hash: impl Into<Option<&'h str>>,
        password: impl Into<String>,
    ) -> Result<PasswordCheck, AuthError> {
        let password = Zeroizing::new(password.into());
        let is_short = password.len() <= Self::MAX_LENGTH;
        let target = self.hasher.target(hash.into().filter(|_| is_short));
        let hasher = Arc::clone(&self.hasher);
        let verify = move || {
            let length = password.len().min(Self::MAX_LENGTH);
            hasher.verify(&target, &password.as_bytes()[..length])
        };
        self.gate.run(verify).await?.map_err(error)
    }

    /// Hashes a new password with a random salt. Returns a PHC string of about 97 bytes, such as
    /// `$argon2id$v=19$m=19456,t=2,p=1$…`.
    ///
    /// Which passwords are acceptable, such as how short they may be, is up to the app.
    ///
    /// # Errors
    ///
    /// - [`AuthError::MalformedCredentials`] with [`MalformedCredentials::TooLong`], a 413, for a password longer than
    ///   [`MAX_LENGTH`](Self::MAX_LENGTH).
    /// - Otherwise, the same as for [`verify`](Self::verify).
    pub async fn hash(&self, password: impl Into<String>) -> Result<String, AuthError> {
        let password = Zeroizing::new(password.into());
        if password.len() > Self::MAX_LENGTH {
            return Err(MalformedCredentials::TooLong.into());
        }
        let hasher = Arc::clone(&self.hasher);
        self.gate.run(move || hasher.hash(password.as_bytes())).await?.map_err(error)
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passwords").finish_non_exhaustive()
    }
}

fn error(error: Error) -> AuthError {
    match error {
        Error::OutOfMemory | Error::RngFailure => AuthError::unavailable(error),
        error => AuthError::internal(format!("a password cannot be hashed: {error}")),
    }
}

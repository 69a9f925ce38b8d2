//! Passwords, stored as Argon2id hashes.

use argon2::{Argon2, PasswordVerifier};
use rocket::tokio::sync::Semaphore;
use rocket::tokio::task::spawn_blocking;

/// Limits how many passwords are hashed at once: each takes 19 MiB of memory and a whole core.
static HASHING: Semaphore = Semaphore::const_new(4);

/// The hash of a random password, with the same parameters as all other hashes.
const DUMMY_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$HsMr3lAIaOwXFbX1lF7fug$H3K/kQZ6Reg/zdWwe2LKiUaMdhWinztEPCJFTVJC1lM";

/// Returns whether the password has this hash.
///
/// Without a hash, because the user is unknown, verifies a dummy: the time that a login takes must not reveal which
/// users exist.
pub async fn verify(password: String, hash: Option<String>) -> bool {
    let is_known = hash.is_some();
    let hash = hash.unwrap_or_else(|| DUMMY_HASH.to_owned());
    let Ok(_permit) = HASHING.acquire().await else { return false };
    // On a worker thread, this would hold up other requests.
    let verify = move || Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok();
    spawn_blocking(verify).await.unwrap_or(false) && is_known
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hash of `hunter2hunter2`.
    const HASH: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$k+Jf6tFU4HKrt2Y5Yp6xgw$10ng1Ky44+fRIcHAYDzacKIUwruZnYC5WX0FFSfGNF4";

    #[rocket::async_test]
    async fn only_the_right_password_verifies() {
        assert!(verify("hunter2hunter2".to_owned(), Some(HASH.to_owned())).await);
        for wrong in ["hunter2", "", "hunter2hunter2 ", "HUNTER2HUNTER2"] {
            assert!(!verify(wrong.to_owned(), Some(HASH.to_owned())).await, "{wrong:?}");
        }
    }

    #[rocket::async_test]
    async fn no_password_verifies_without_a_valid_hash() {
        for invalid in ["", "hunter2hunter2", "$argon2id$v=19$m=19456,t=2,p=1$k+Jf6tFU4HKrt2Y5Yp6xgw"] {
            assert!(!verify("hunter2hunter2".to_owned(), Some(invalid.to_owned())).await, "{invalid:?}");
        }
        assert!(!verify("hunter2hunter2".to_owned(), None).await);
    }

    #[test]
    fn the_dummy_takes_as_long_as_a_real_hash() {
        let parameters = |hash: &'static str| hash.split('$').take(4).collect::<Vec<_>>();
        assert_eq!(parameters(DUMMY_HASH), parameters(HASH));
    }
}

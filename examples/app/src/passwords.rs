//! Whether a password is right.

use std::sync::{Mutex, MutexGuard, PoisonError};

use argon2::password_hash::phc::{Output, PasswordHash};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use rocket::tokio::sync::Semaphore;
use rocket::tokio::task::spawn_blocking;

/// How many passwords are hashed at a time: each takes 19 MiB of memory and all of a core.
static HASHING: Semaphore = Semaphore::const_new(2);

/// That memory, for the next hash. `Argon2` by itself asks for it anew each time, and glibc before 2.38 hardly ever
/// finds what it got back: after a hundred logins it held 0.9 GB, and more with a single arena.
static MEMORY: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// Whether this is the password with that hash, of Argon2id. Does not hold up other requests.
pub async fn is_right(password: String, hash: &'static str) -> bool {
    let Ok(permit) = HASHING.acquire().await else { return false };
    let hashed = spawn_blocking(move || {
        // Until it is done, even if the request is gone.
        let _permit = permit;
        verify(password.as_bytes(), hash).unwrap_or(false)
    });
    hashed.await.unwrap_or(false)
}

/// None, if nothing can be hashed so.
fn verify(password: &[u8], hash: &str) -> Option<bool> {
    let hash = PasswordHash::new(hash).ok()?;
    let (salt, expected, params) = (hash.salt.as_ref()?, hash.hash.as_ref()?, Params::try_from(&hash).ok()?);
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    let mut blocks = memory().pop().unwrap_or_default();
    blocks.resize(params.block_count(), Block::new());
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hashed = argon2.hash_password_into_with_memory(password, salt, &mut output, &mut blocks);
    memory().push(blocks);
    hashed.ok()?;
    // Two outputs are compared in constant time.
    Output::new(&output).ok().map(|output| output == *expected)
}

fn memory() -> MutexGuard<'static, Vec<Vec<Block>>> {
    MEMORY.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use rocket::futures::future::join_all;

    use super::*;

    /// Of `hunter2hunter2`.
    const HASH: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$k+Jf6tFU4HKrt2Y5Yp6xgw$10ng1Ky44+fRIcHAYDzacKIUwruZnYC5WX0FFSfGNF4";

    #[rocket::async_test]
    async fn many_logins_take_the_memory_of_two() {
        let passwords =
            ["hunter2hunter2", "hunter2", "", "hunter2hunter2 ", "HUNTER2HUNTER2", "hunter2hunter2"];
        let are_right = join_all(passwords.map(|password| is_right(password.to_owned(), HASH))).await;
        assert_eq!(are_right, [true, false, false, false, false, true]);
        assert!(memory().len() <= 2, "{} hashes have memory of their own", memory().len());
    }

    #[rocket::async_test]
    async fn no_password_is_right_for_what_is_no_hash() {
        for hash in ["", "hunter2hunter2", "$argon2id$v=19$m=19456,t=2,p=1$k+Jf6tFU4HKrt2Y5Yp6xgw"] {
            assert!(!is_right("hunter2hunter2".to_owned(), hash).await, "{hash}");
        }
    }
}

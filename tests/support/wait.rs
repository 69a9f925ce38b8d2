//! Waiting for effects of another task or process.

use std::time::Duration;

use jwt_auth::{AuthError, InvalidToken};

/// Waits up to five seconds until a condition holds.
pub async fn soon(what: &str, holds: impl Fn() -> bool) {
    within(5, what, holds).await;
}

/// Waits up to `seconds` until a condition holds.
///
/// # Panics
///
/// If the condition does not hold in time.
pub async fn within(seconds: usize, what: &str, holds: impl Fn() -> bool) {
    for _ in 0..50 * seconds {
        if holds() {
            return;
        }
        rocket::tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("not within {seconds} seconds: {what}");
}

/// Whether an access token was rejected because it was revoked.
///
/// # Panics
///
/// If the token was rejected for another reason.
pub fn revoked<T>(result: Result<T, AuthError>) -> bool {
    match result {
        Ok(_) => false,
        Err(AuthError::InvalidToken(InvalidToken::Revoked)) => true,
        Err(other) => panic!("rejected for another reason: {other:?}"),
    }
}

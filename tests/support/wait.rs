//! What becomes true a moment after something was done elsewhere.

use std::time::Duration;

use jwt_auth::{AuthError, InvalidToken};

/// Waits until something holds, for five seconds at most.
pub async fn soon(what: &str, holds: impl Fn() -> bool) {
    within(5, what, holds).await;
}

/// Waits until something holds, for so many seconds at most.
///
/// # Panics
///
/// It does not.
pub async fn within(seconds: usize, what: &str, holds: impl Fn() -> bool) {
    for _ in 0..50 * seconds {
        if holds() {
            return;
        }
        rocket::tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("not within {seconds} seconds: {what}");
}

/// Whether an access token was refused since it was revoked.
///
/// # Panics
///
/// It was refused for another reason.
pub fn revoked<T>(answer: Result<T, AuthError>) -> bool {
    match answer {
        Ok(_) => false,
        Err(AuthError::InvalidToken(InvalidToken::Revoked)) => true,
        Err(other) => panic!("refused for another reason: {other:?}"),
    }
}

//! Stores of attempts to sign in.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rocket::async_trait;

use super::sweep::Sweep;
use crate::clock::Timestamp;
use crate::error::StoreError;
use crate::throttle::{AccountDigest, Attempt, Attempts, Reservation};

/// A store of attempts to sign in, for the limits on failed attempts on an account.
///
/// Both operations find the [`Attempts`] on the account, apply the method of the same name in one atomic step, and store
/// the result as [bytes](Attempts::to_bytes) until its [end](Attempts::end). If there are none yet, they begin with the
/// default. Like those of a [`RefreshStore`](super::RefreshStore), an operation may be canceled, and may have taken effect
/// although it failed. If it is repeated, it counts twice.
///
/// [`conformance::check`](super::conformance::check) also tests the attempts of a custom store.
#[async_trait]
pub trait AttemptStore: Send + Sync + 'static {
    /// Applies [`Attempts::reserve`].
    async fn reserve(&self, attempt: &Attempt) -> Result<Reservation, StoreError>;

    /// Applies [`Attempts::give_back`].
    async fn give_back(&self, attempt: &Attempt, known: bool, signed_in: bool) -> Result<(), StoreError>;
}

/// Attempts in memory.
#[derive(Default)]
pub(crate) struct MemoryAttempts(Mutex<Accounts>);

#[derive(Default)]
struct Accounts {
    attempts: HashMap<AccountDigest, Attempts>,
    sweep: Sweep,
}

impl MemoryAttempts {
    fn lock(&self) -> MutexGuard<'_, Accounts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Accounts {
    fn sweep(&mut self, now: Timestamp) {
        if self.sweep.is_due(now) {
            self.attempts.retain(|_, attempts| attempts.end() > now);
        }
    }
}

#[async_trait]
impl AttemptStore for MemoryAttempts {
    async fn reserve(&self, attempt: &Attempt) -> Result<Reservation, StoreError> {
        let mut accounts = self.lock();
        accounts.sweep(attempt.now);
        Ok(accounts.attempts.entry(attempt.account.digest()).or_default().reserve(attempt))
    }

    async fn give_back(&self, attempt: &Attempt, known: bool, signed_in: bool) -> Result<(), StoreError> {
        self.lock()
            .attempts
            .entry(attempt.account.digest())
            .or_default()
            .give_back(attempt, known, signed_in);
        Ok(())
    }
}

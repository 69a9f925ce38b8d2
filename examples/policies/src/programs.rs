//! Programs that act for members, and which tokens they were given. A real app has a database, sets a limit, and drops
//! what has expired.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

/// The ids of the tokens of each program. Only the program itself keeps the tokens.
pub struct Programs(Mutex<Tokens>);

/// By the id of a member and the name that the member gave the program.
type Tokens = BTreeMap<(u64, String), Vec<Uuid>>;

impl Programs {
    /// None so far.
    pub fn new() -> Self {
        Self(Mutex::default())
    }

    pub fn keep(&self, member: u64, name: &str, token: Uuid) {
        self.tokens().entry((member, name.to_owned())).or_default().push(token);
    }

    pub fn tokens_of(&self, member: u64, name: &str) -> Vec<Uuid> {
        self.tokens().get(&(member, name.to_owned())).cloned().unwrap_or_default()
    }

    pub fn forget(&self, member: u64, name: &str, token: Uuid) {
        if let Some(tokens) = self.tokens().get_mut(&(member, name.to_owned())) {
            tokens.retain(|kept| *kept != token);
        }
    }

    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

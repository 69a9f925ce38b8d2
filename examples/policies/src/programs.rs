//! The tokens of programs, by their ids. A real app has the ids in a database, limits their number, and deletes the ids
//! of expired tokens.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rocket::serde::uuid::Uuid;

/// The programs of all members. The app keeps the ids of their tokens, not the tokens.
pub struct Programs(Mutex<Tokens>);

/// The ids of tokens, by the id of the member and the name of the program.
type Tokens = BTreeMap<(u64, String), Vec<Uuid>>;

impl Programs {
    pub fn new() -> Self {
        Self(Mutex::default())
    }

    pub fn add(&self, member: u64, name: &str, token: Uuid) {
        self.tokens().entry((member, name.to_owned())).or_default().push(token);
    }

    pub fn tokens_of(&self, member: u64, name: &str) -> Vec<Uuid> {
        self.tokens().get(&(member, name.to_owned())).cloned().unwrap_or_default()
    }

    pub fn remove(&self, member: u64, name: &str, token: Uuid) {
        if let Some(tokens) = self.tokens().get_mut(&(member, name.to_owned())) {
            tokens.retain(|id| *id != token);
        }
    }

    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

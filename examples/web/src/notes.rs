//! The users' notes. A real app keeps them in a database.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One note for each user id.
#[derive(Default)]
pub struct Notes(Mutex<HashMap<u64, String>>);

impl Notes {
    pub fn get(&self, user: u64) -> Option<String> {
        self.lock().get(&user).cloned()
    }

    pub fn set(&self, user: u64, note: String) {
        self.lock().insert(user, note);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! Where the keys come from.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::files::{Files, Fingerprint};
use crate::config::KeySettings;

/// The settings of the keys, and what was last seen in their files.
pub(super) struct Source(Mutex<Seen>);

pub(super) struct Seen {
    pub(super) settings: Arc<KeySettings>,
    /// The content of the files that were loaded, or that were reported as invalid.
    pub(super) files: Fingerprint,
    /// The key that signed when this was last logged.
    pub(super) signer: Option<String>,
}

impl Source {
    pub(super) fn new(settings: KeySettings, files: &Files) -> Self {
        Self(Mutex::new(Seen { settings: settings.into(), files: files.fingerprint(), signer: None }))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Seen> {
        // A thread that panicked has stored a whole set or none.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! The source of the keys.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::files::{Files, Fingerprint};
use crate::config::KeySettings;

/// The settings of the keys, and the last known state of their files.
pub(super) struct Source(Mutex<Seen>);

pub(super) struct Seen {
    pub(super) settings: Arc<KeySettings>,
    /// The fingerprint of the files when they were last loaded, or reported as invalid.
    pub(super) files: Fingerprint,
    /// The signing key that was last logged.
    pub(super) signer: Option<String>,
}

impl Source {
    pub(super) fn new(settings: KeySettings, files: &Files) -> Self {
        Self(Mutex::new(Seen { settings: settings.into(), files: files.fingerprint(), signer: None }))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Seen> {
        // A thread that panicked has stored either a whole set or nothing.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

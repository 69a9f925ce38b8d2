//! A snapshot of the files that contain keys.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use aws_lc_rs::digest::{self, Context};

use crate::config::{KeySettings, KeyText, Secret};

/// The content of each file, or the reason it could not be read.
pub(super) struct Files(BTreeMap<PathBuf, Result<Secret<String>, String>>);

/// A hash of all files, which is equal if their content is.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Fingerprint([u8; 32]);

impl Files {
    /// Reads every file that the settings name.
    pub(super) fn read(settings: &KeySettings) -> Self {
        let read = |path: &PathBuf| {
            let text = fs::read_to_string(path).map(Secret::new).map_err(|error| error.to_string());
            (path.clone(), text)
        };
        Self(settings.files().map(read).collect())
    }

    /// Returns the text of a key.
    ///
    /// # Errors
    ///
    /// Its file could not be read.
    pub(super) fn text<'a>(&'a self, text: &'a KeyText) -> Result<&'a str, String> {
        let (path, is_path) = match text {
            KeyText::Inline(text) => return Ok(text.expose()),
            KeyText::File { path, is_path } => (path, *is_path),
        };
        match self.0.get(path) {
            Some(Ok(text)) => Ok(text.expose()),
            Some(Err(error)) if is_path => {
                Err(format!("names the file {}, which cannot be read: {error}", path.display()))
            }
            _ => Err("is neither the text of a key (PEM begins with -----BEGIN, JSON with a brace) nor a readable \
                      file"
                .to_owned()),
        }
    }

    pub(super) fn fingerprint(&self) -> Fingerprint {
        let mut context = Context::new(&digest::SHA256);
        for text in self.0.values() {
            let (kind, text) = match text {
                Ok(text) => (0, text.expose()),
                Err(error) => (1, error),
            };
            context.update(&[kind]);
            context.update(&text.len().to_le_bytes());
            context.update(text.as_bytes());
        }
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(context.finish().as_ref());
        Fingerprint(fingerprint)
    }
}

//! What was revoked, as the processes that share a store tell each other.

use std::time::Duration;

use aws_lc_rs::digest;
use rocket::async_trait;
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::error::StoreError;

/// Something whose access tokens are refused from now on, in every process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Revocation {
    /// A session.
    Session(Uuid),
    /// One access token, by its `jti`.
    Token(Uuid),
    /// The tokens of a subject that belong to no session and were issued before a moment.
    Subject(SubjectDigest, Timestamp),
}

/// A subject, where its name shall not be read: half of its SHA-256. Whoever finds two subjects of one
/// digest has two accounts of his own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SubjectDigest(pub [u8; 16]);

impl SubjectDigest {
    /// The digest of a subject.
    pub fn of(subject: &str) -> Self {
        let mut half = [0; 16];
        half.copy_from_slice(&digest::digest(&digest::SHA256, subject.as_bytes()).as_ref()[..16]);
        Self(half)
    }
}

/// The revocations of a store, in the order that they happened. Some may be told twice.
#[async_trait]
pub trait RevocationFeed: Send + Sync + 'static {
    /// What came after `cursor`, which an earlier call gave; without one, everything that an access
    /// token can still be concerned by. Waits for news, when there are none, at most for `wait`.
    /// Nothing is left out, however long the last call was ago.
    async fn read(&self, cursor: Option<&str>, wait: Duration) -> Result<News, StoreError>;
}

/// What a [`RevocationFeed`] has to tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// What was revoked.
    pub revocations: Vec<Revocation>,
    /// Where to go on reading; none, when nothing was ever read.
    pub cursor: Option<String>,
    /// Whether this is all that there was, when it was read.
    pub up_to_date: bool,
}

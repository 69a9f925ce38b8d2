//! The feed through which processes that share a store exchange their revocations.

use std::time::Duration;

use rocket::async_trait;

use super::entry::Revocation;
use crate::error::StoreError;

/// The revocations of a store, in the order in which they happened. Some may be repeated.
#[async_trait]
pub trait RevocationFeed: Send + Sync + 'static {
    /// Returns the revocations after `cursor`, which an earlier call returned. Without a cursor, returns all
    /// revocations that can still affect an access token. Waits at most `wait` for new revocations. Omits nothing,
    /// however long ago the last call was.
    async fn read(&self, cursor: Option<&str>, wait: Duration) -> Result<FeedPage, StoreError>;
}

/// The result of one [`read`](RevocationFeed::read) of a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FeedPage {
    /// The revocations.
    pub revocations: Vec<Revocation>,
    /// Where to continue reading. `None` if nothing has ever been read.
    pub cursor: Option<String>,
    /// Whether there was nothing more to read.
    pub up_to_date: bool,
}

impl FeedPage {
    /// Creates a page.
    pub fn new(revocations: Vec<Revocation>, cursor: Option<String>, up_to_date: bool) -> Self {
        Self { revocations, cursor, up_to_date }
    }
}

//! The context and the results of store operations.

use std::time::Duration;

use uuid::Uuid;

use crate::clock::Timestamp;
use crate::family::SwapOutcome;
use crate::owner::Revision;

/// The context of a store operation: what a store needs to know about the calling process.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Context {
    /// The current time by the app's clock.
    pub now: Timestamp,
    /// The latest revision of the owner that the calling process knows, or the default if it knows none. A store that
    /// has lost its own revision continues from this one.
    pub heard: Revision,
    /// The time that a revocation must stay on the feed: as long as an access token can be valid.
    pub retention: Duration,
}

impl Context {
    /// Creates the context of an operation.
    pub const fn new(now: Timestamp, heard: Revision, retention: Duration) -> Self {
        Self { now, heard, retention }
    }
}

/// The result of [`RefreshStore::insert`](super::RefreshStore::insert).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inserted {
    /// The ids of the live families that were dropped to make room.
    pub dropped: Vec<Uuid>,
    /// The revision of the owner.
    pub revision: Revision,
}

impl Inserted {
    /// Creates the result of an insertion.
    pub const fn new(dropped: Vec<Uuid>, revision: Revision) -> Self {
        Self { dropped, revision }
    }
}

/// The result of [`RefreshStore::compare_and_swap`](super::RefreshStore::compare_and_swap).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Swapped {
    /// Whether the token was replaced, and the family.
    pub outcome: SwapOutcome,
    /// The revision of the owner.
    pub revision: Revision,
}

impl Swapped {
    /// Creates the result of a swap.
    pub const fn new(outcome: SwapOutcome, revision: Revision) -> Self {
        Self { outcome, revision }
    }
}

/// The result of [`RefreshStore::remove_all`](super::RefreshStore::remove_all).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Removed {
    /// The ids of the removed families.
    pub sids: Vec<Uuid>,
    /// The id of the spared family, if it exists.
    pub spared: Option<Uuid>,
    /// The new revision of the owner.
    pub revision: Revision,
}

impl Removed {
    /// Creates the result of a removal.
    pub const fn new(sids: Vec<Uuid>, spared: Option<Uuid>, revision: Revision) -> Self {
        Self { sids, spared, revision }
    }
}

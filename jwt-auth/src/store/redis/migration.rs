//! Ending sessions while Redis Cluster moves their slot from one node to another.
//!
//! A migration moves one key at a time, so for a while, the hash of an owner and the stream of its slot may be on
//! different nodes. Then no script can change both, and Redis answers `TRYAGAIN`. In that case, the operations below
//! take several steps, each of them on one key.
//!
//! The revocation goes onto the stream before the session ends. If a later step fails, the caller gets an error, but
//! every process already rejects the access tokens and ends the session at its next refresh. In the opposite order, a
//! session could end without any process receiving the revocation.

use std::io;

use redis::{ErrorKind, RedisError, ServerErrorKind};
use uuid::Uuid;

use super::RedisStore;
use super::entry;
use crate::error::StoreError;
use crate::family::Family;
use crate::owner::{Owner, OwnerDigest};
use crate::revocation::Revocation;
use crate::store::{Context, Inserted, Removed};

/// The maximum number of times that a login tries to make room.
const ATTEMPTS: usize = 5;

/// Returns whether an operation failed because its keys are on different nodes.
pub(super) fn is_migrating(error: &StoreError) -> bool {
    // `source()` would return the `Arc`, and not the error in it.
    let StoreError::Failed(cause) = error else { return false };
    cause.downcast_ref::<RedisError>().is_some_and(is_try_again)
}

pub(super) fn is_try_again(error: &RedisError) -> bool {
    error.kind() == ErrorKind::Server(ServerErrorKind::TryAgain)
}

impl RedisStore {
    /// Puts revocations on the stream, without the key of its retention, which may be on another node.
    pub(super) async fn tell_alone(
        &self,
        place: OwnerDigest,
        revocations: impl IntoIterator<Item = Revocation>,
        context: &Context,
    ) -> Result<(), StoreError> {
        let [stream, _] = self.keys.stream(place);
        let entries: Vec<Vec<u8>> = revocations.into_iter().map(|one| entry::encode(&one)).collect();
        if entries.is_empty() {
            return Ok(());
        }
        let call = self.publishing(&self.steps.tell, [stream], context).arg(entries);
        self.end::<i64>(&call).await.map(drop)
    }

    /// Adds a family of an owner who already has as many live families as the limit allows.
    pub(super) async fn insert_and_make_room(
        &self,
        owner: &Owner,
        family: &Family,
        max_sessions: usize,
        context: &Context,
    ) -> Result<Inserted, StoreError> {
        let digest = owner.digest();
        let options = (max_sessions, context);
        match self.try_insert(self.hash_and_stream(digest).to_vec(), digest, family, options, &[]).await {
            Err(error) if is_migrating(&error) => {}
            inserted => return inserted.map(|(_, inserted)| inserted),
        }
        let mut told = Vec::new();
        // This rarely takes more than two attempts: another login may take the room that was made.
        for _ in 0..ATTEMPTS {
            match self.try_insert(vec![self.keys.hash(digest)], digest, family, options, &told).await? {
                (true, inserted) => return Ok(inserted),
                (false, inserted) => told = inserted.dropped,
            }
            let ended = told.iter().map(|sid| Revocation::Session(digest, *sid));
            self.tell_alone(digest, ended, context).await?;
        }
        Err(StoreError::new(io::Error::other("other logins kept taking the room that was made for this one")))
    }

    /// Removes a family in two steps.
    pub(super) async fn remove_in_steps(
        &self,
        owner: &Owner,
        sid: Uuid,
        context: &Context,
    ) -> Result<bool, StoreError> {
        let digest = owner.digest();
        self.tell_alone(digest, [Revocation::Session(digest, sid)], context).await?;
        self.end(&self.removing([self.keys.hash(digest)], digest, sid, context)).await
    }

    /// Removes all families of an owner in three steps: assigns the revision, puts the revocation on the stream, and
    /// removes the families.
    pub(super) async fn remove_all_in_steps(
        &self,
        owner: &Owner,
        spared: Option<Uuid>,
        context: &Context,
    ) -> Result<Removed, StoreError> {
        let hash = || [self.keys.hash(owner.digest())];
        let revise = self.removing_all(hash(), owner, spared, context, "revise");
        let revised = self.remove_all_by(&revise).await?;
        let told = Revocation::Owner(owner.digest(), revised.revision, revised.spared);
        self.tell_alone(owner.digest(), [told], context).await?;
        let remove = self.removing_all(hash(), owner, revised.spared, context, "remove");
        let removed = self.remove_all_by(&remove).await?;
        Ok(Removed { sids: removed.sids, ..revised })
    }
}

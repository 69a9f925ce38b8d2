//! Ending sessions while Redis Cluster moves their slot from one node to another.
//!
//! Key by key, a migration puts the hash of an owner and the stream of its slot on different nodes for a while, and then no
//! script can change both: Redis answers `TRYAGAIN`. So these operations take two steps, each on one key. What ends is put
//! on the stream first: if the second step fails, the caller learns that, and every process has rejected the access tokens
//! and ends the session at its next refresh. The other way around, a session could end without any process hearing of it.

use redis::{ErrorKind, RedisError, ServerErrorKind};
use std::error::Error;
use uuid::Uuid;

use super::entry;
use super::{RedisStore, record};
use crate::error::StoreError;
use crate::owner::{Owner, Revision};
use crate::revocation::Revocation;
use crate::store::{Context, Removed};

/// Whether the keys of a script were on different nodes.
pub(super) fn is_migrating(error: &StoreError) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<RedisError>());
    cause.is_some_and(|error| error.kind() == ErrorKind::Server(ServerErrorKind::TryAgain))
}

impl RedisStore {
    /// Puts revocations on the stream, whose retention may be on another node.
    pub(super) async fn tell_alone(
        &self,
        owner: &Owner,
        revocations: impl IntoIterator<Item = Revocation>,
        context: &Context,
    ) -> Result<(), StoreError> {
        let [stream, _] = self.keys.stream(owner.digest());
        let entries: Vec<Vec<u8>> = revocations.into_iter().map(|one| entry::encode(&one)).collect();
        if entries.is_empty() {
            return Ok(());
        }
        let call = self.publishing(&self.steps.tell, [stream], context).arg(entries);
        self.end::<i64>(&call).await.map(drop)
    }

    /// Removes a family in two steps.
    pub(super) async fn remove_in_steps(
        &self,
        owner: &Owner,
        sid: Uuid,
        context: &Context,
    ) -> Result<bool, StoreError> {
        let revocation = Revocation::Session(owner.digest(), sid);
        self.tell_alone(owner, [revocation], context).await?;
        let hash = self.keys.hash(owner.digest());
        let call = self
            .publishing(&self.steps.remove, [hash], context)
            .arg(sid.as_bytes())
            .arg(entry::encode(&revocation));
        self.end(&call).await
    }

    /// Removes all families of an owner in three steps, of which the first assigns the revision.
    pub(super) async fn remove_all_in_steps(
        &self,
        owner: &Owner,
        spared: Option<Uuid>,
        context: &Context,
    ) -> Result<Removed, StoreError> {
        let hash = || [self.keys.hash(owner.digest())];
        let revise = self.removing_all(hash(), owner, spared, context, "revise");
        let (_, revision): (Vec<Vec<u8>>, u64) = self.end(&revise).await?;
        let revision = Revision::from_u64(revision);
        self.tell_alone(owner, [Revocation::Owner(owner.digest(), revision, spared)], context).await?;
        let remove = self.removing_all(hash(), owner, spared, context, "remove");
        let (sids, _): (Vec<Vec<u8>>, u64) = self.end(&remove).await?;
        Ok(Removed::new(record::sids(&sids), revision))
    }
}

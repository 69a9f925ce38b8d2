//! The calls of the scripts, with their arguments.

use std::time::Duration;

use redis::FromRedisValue;
use uuid::Uuid;

use super::script::{Call, Step};
use super::{RedisStore, entry, record};
use crate::clock;
use crate::error::StoreError;
use crate::family::Family;
use crate::owner::{Owner, OwnerDigest, Revision};
use crate::revocation::Revocation;
use crate::store::{Context, Inserted, Removed};

impl RedisStore {
    /// Returns a call of a step on keys of one slot that puts something on the stream.
    pub(super) fn publishing<'a>(
        &self,
        step: &'a Step,
        keys: impl IntoIterator<Item = String>,
        context: &Context,
    ) -> Call<'a> {
        step.on(keys).arg(&self.keys.channel).arg(millis(context.retention))
    }

    /// Returns the keys of an owner's hash, of the stream in the same slot, and of its retention.
    pub(super) fn hash_and_stream(&self, owner: OwnerDigest) -> [String; 3] {
        let [stream, retention] = self.keys.stream(owner);
        [self.keys.hash(owner), stream, retention]
    }

    /// Adds a family, if it can: without the stream, only families whose end is on it already can make room, those that
    /// were `told`. Returns whether it did, and otherwise which families would have to make room.
    pub(super) async fn try_insert(
        &self,
        keys: Vec<String>,
        owner: OwnerDigest,
        family: &Family,
        (max_sessions, context): (usize, &Context),
        told: &[Uuid],
    ) -> Result<(bool, Inserted), StoreError> {
        let told: Vec<u8> = told.iter().flat_map(|sid| sid.into_bytes()).collect();
        let call = self
            .publishing(&self.steps.insert, keys, context)
            .arg(family.sid.as_bytes())
            .arg(record::encode(family))
            .arg(family.idle_end.as_millis())
            .arg(context.now.as_millis())
            .arg(max_sessions)
            .arg(owner.as_bytes())
            .arg(context.heard.as_u64())
            .arg(revision_lives(context))
            .arg(told)
            .arg(record::device_fields(&family.device));
        let (done, dropped, revision): (bool, Vec<Vec<u8>>, u64) =
            self.connection.run(&call.command()).await?;
        Ok((done, Inserted::new(record::sids(&dropped), Revision::from_u64(revision))))
    }

    /// Returns a call of the step that removes a family.
    pub(super) fn removing(
        &self,
        keys: impl IntoIterator<Item = String>,
        owner: OwnerDigest,
        sid: Uuid,
        context: &Context,
    ) -> Call<'_> {
        self.publishing(&self.steps.remove, keys, context)
            .arg(sid.as_bytes())
            .arg(entry::encode(&Revocation::Session(owner, sid)))
    }

    /// Returns a call of the step that removes all families, or takes a part of that.
    pub(super) fn removing_all(
        &self,
        keys: impl IntoIterator<Item = String>,
        owner: &Owner,
        spared: Option<Uuid>,
        context: &Context,
        part: &str,
    ) -> Call<'_> {
        self.publishing(&self.steps.remove_all, keys, context)
            .arg(owner.digest().as_bytes())
            .arg(spared.as_ref().map_or(&[][..], |sid| sid.as_bytes()))
            .arg(context.heard.as_u64())
            .arg(revision_lives(context))
            .arg(part)
    }

    /// Removes all families of an owner, or takes a part of that.
    pub(super) async fn remove_all_by(&self, call: &Call<'_>) -> Result<Removed, StoreError> {
        let (sids, spared, revision): (Vec<Vec<u8>>, Vec<u8>, u64) = self.end(call).await?;
        let spared = Uuid::from_slice(&spared).ok();
        Ok(Removed::new(record::sids(&sids), spared, Revision::from_u64(revision)))
    }

    /// Runs a step that ends sessions or tokens, and waits for the replicas that the settings require.
    pub(super) async fn end<T: FromRedisValue>(&self, call: &Call<'_>) -> Result<T, StoreError> {
        match &self.replicas {
            Some(replicas) => replicas.run(call).await,
            None => self.connection.run(&call.command()).await,
        }
    }
}

/// Returns how long a revision is kept, in milliseconds. A process may hear of it `retention` later, and remembers it for
/// as long again.
pub(super) fn revision_lives(context: &Context) -> u64 {
    millis(2 * context.retention)
}

/// Returns a time to live, in milliseconds. Redis takes none of zero.
pub(super) fn millis(duration: Duration) -> u64 {
    clock::millis(duration).max(1)
}

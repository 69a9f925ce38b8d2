//! Script calls and their arguments.

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
    /// Returns a call of a step that writes to a stream. All keys must be in one slot.
    pub(super) fn publishing<'a>(
        &self,
        step: &'a Step,
        keys: impl IntoIterator<Item = String>,
        context: &Context,
    ) -> Call<'a> {
        step.on(keys).arg(&self.keys.channel).arg(millis(context.retention))
    }

    /// Returns the keys of an owner's hash, of the stream in the same slot, and of that stream's retention.
    pub(super) fn hash_and_stream(&self, owner: OwnerDigest) -> [String; 3] {
        let [stream, retention] = self.keys.stream(owner);
        [self.keys.hash(owner), stream, retention]
    }

    /// Adds a family. Without the key of the stream, it can drop only those live families whose revocations are already
    /// on the stream: the ones in `told`. Returns whether the family was added, and which live families were dropped or
    /// would have to be dropped.
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
            .arg(record::other_fields(family));
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

    /// Returns a call of the step that removes all families, or of one `part` of that step.
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

    /// Runs a call of the step that removes all families.
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

/// Returns how long a revision is kept, in milliseconds. Another process may receive it up to `retention` later, and
/// then remembers it for another `retention`.
pub(super) fn revision_lives(context: &Context) -> u64 {
    millis(2 * context.retention)
}

/// Returns a time to live in milliseconds: at least 1, because Redis rejects 0.
pub(super) fn millis(duration: Duration) -> u64 {
    clock::millis(duration).max(1)
}

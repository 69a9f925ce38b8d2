//! Families in Redis: one hash per owner, so that every operation on an owner takes one key and one round trip. Operations
//! that revoke also write to a stream in the same slot.

mod calls;
pub(crate) mod connection;
mod entry;
mod feed;
pub(crate) mod keys;
mod link;
mod migration;
mod record;
#[cfg(feature = "cluster")]
mod redirects;
mod replicas;
pub(crate) mod script;
mod servers;
mod steps;
mod topology;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use redis::Cmd;
use rocket::async_trait;
use uuid::Uuid;

use self::calls::{millis, revision_lives};
use self::connection::Connection;
use self::feed::RedisFeed;
use self::keys::Keys;
use self::migration::is_migrating;
use self::replicas::Replicas;
use self::script::Command;
use self::steps::Steps;
use self::topology::Topology;
use super::{Context, Inserted, RefreshStore, Removed, Swapped};
use crate::clock::Timestamp;
use crate::error::{StartupError, StoreError};
use crate::family::{Family, Swap, SwapOutcome};
use crate::owner::{Owner, OwnerDigest, Revision};
use crate::revocation::{Revocation, RevocationFeed};

#[cfg(feature = "sentinel")]
pub use self::servers::RedisSentinel;
pub use self::servers::RedisServers;

/// Keeps families in Redis 7 or later. The setting `redis` creates it.
///
/// An owner's families are the fields of one hash, whose key consists of the setting `prefix` and a digest of the owner:
/// of the setting `issuer`, the kind of claims and the subject. Apps with different issuers can share a Redis. The hash
/// contains ids, but no tokens, and expires with the last of its families. Revocations go to streams next to the hashes,
/// and over a channel to all processes.
///
/// # While a cluster moves slots
///
/// Logins, refreshes and lists use one key, and follow it to its new node. A logout changes two keys in one step, the hash
/// and the stream, which a migration of their slot may separate for a while (`TRYAGAIN`). Then it takes two steps: first all
/// processes reject the access tokens, then the session ends. If the second step fails, the answer is 503, and each
/// process that has heard of the logout ends the session at its next refresh. Redis has no step that changes keys on two
/// nodes.
///
/// # What Redis may lose
///
/// Redis acknowledges a write before its replicas, or its disk, have it. When it fails over, or restarts from an older
/// copy, the last writes are lost:
///
/// - A lost **refresh** usually costs nothing: its token contains the number of refreshes before it, so the store catches
///   up. The user signs in again only if the session was then unused beyond its earlier idle end, or if two tabs
///   refreshed at that moment.
/// - After a lost **login**, the user signs in again.
/// - A lost **logout** brings the session back until it ends by itself or is ended again. A process that heard of the
///   logout ends it again at the next refresh, for as long as it remembers the logout: `access_ttl`, `leeway` and a
///   minute. With [`wait_replicas`](RedisOptions::wait_replicas), a logout is confirmed only once replicas have it, so
///   that a failover to one of them does not lose it. `min-replicas-to-write` in the configuration of Redis limits how
///   much an isolated master accepts. `appendfsync always` is for a single server. None of these turns Redis into a
///   consensus system: a replica without the logout may still be promoted.
///
/// A process that heard of a revocation keeps rejecting the access tokens, whatever Redis lost. A process that starts
/// later accepts them until they expire, if the revocation was lost.
pub struct RedisStore {
    connection: Arc<Connection>,
    replicas: Option<Replicas>,
    keys: Keys,
    steps: Steps,
}

/// The options of a [`RedisStore`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RedisOptions {
    /// The prefix of all keys.
    pub prefix: String,
    /// The limit for an answer.
    pub timeout: Duration,
    /// How many replicas must acknowledge a logout, or the revocation of an access token, before it is confirmed; with 0,
    /// none. If too few acknowledge it within a quarter of the timeout, it is an error, and can be retried. Sessions that
    /// make room for a login do not wait.
    pub wait_replicas: usize,
}

impl Default for RedisOptions {
    /// Returns the defaults of the settings.
    fn default() -> Self {
        Self { prefix: "jwt-auth".to_owned(), timeout: Duration::from_millis(500), wait_replicas: 0 }
    }
}

impl RedisStore {
    /// Connects.
    ///
    /// # Errors
    ///
    /// A URL is invalid, or no Redis that can keep sessions answers there.
    pub async fn connect(
        servers: impl Into<RedisServers>,
        options: RedisOptions,
    ) -> Result<Self, StartupError> {
        let topology = Arc::new(Topology::new(&servers.into(), options.timeout)?);
        let keys = Keys::new(&options.prefix, topology.database());
        let probe = Steps::probe();
        let probe = probe.on([keys.probe()]).arg(&keys.channel);
        let open = async || Connection::open(Arc::clone(&topology), &probe.command()).await;
        let replicas = match options.wait_replicas {
            0 => None,
            wanted => Some(Replicas::new(open().await?, wanted, options.timeout)),
        };
        Ok(Self { connection: open().await?, replicas, keys, steps: Steps::new() })
    }

    /// Returns the connection and the names of the keys, for a bridge to another system.
    pub(crate) fn into_parts(self) -> (Arc<Connection>, Keys) {
        (self.connection, self.keys)
    }
}

#[async_trait]
impl RefreshStore for RedisStore {
    async fn insert(
        &self,
        owner: &Owner,
        family: &Family,
        max_sessions: usize,
        context: &Context,
    ) -> Result<Inserted, StoreError> {
        let digest = owner.digest();
        let keys = match self.connection.is_cluster() {
            // A single key follows a slot that moves. Room is rarely needed.
            true => vec![self.keys.hash(digest)],
            false => self.hash_and_stream(digest).to_vec(),
        };
        match self.try_insert(keys, digest, family, (max_sessions, context), &[]).await? {
            (true, inserted) => Ok(inserted),
            (false, _) => self.insert_and_make_room(owner, family, max_sessions, context).await,
        }
    }

    async fn compare_and_swap(
        &self,
        owner: &Owner,
        sid: Uuid,
        swap: &Swap,
        context: &Context,
    ) -> Result<Swapped, StoreError> {
        let call = self
            .steps
            .compare_and_swap
            .on([self.keys.hash(owner.digest())])
            .arg(sid.as_bytes())
            .arg(swap.presented.as_bytes())
            .arg(swap.generation)
            .arg(swap.next.as_bytes())
            .arg(swap.now.as_millis())
            .arg(swap.idle_end.as_millis())
            .arg(context.heard.as_u64())
            .arg(revision_lives(context));
        let (done, record, revision): (bool, Option<Vec<u8>>, u64) =
            self.connection.run(&call.command()).await?;
        let family = record.map(|record| record::decode(sid, &record)).transpose()?;
        let outcome = match (done, family) {
            (true, Some(family)) => SwapOutcome::Done(family),
            (true, None) => return Err(StoreError::Corrupt("a swap without a record")),
            (false, family) => SwapOutcome::Refused(family),
        };
        Ok(Swapped::new(outcome, Revision::from_u64(revision)))
    }

    async fn confirm(
        &self,
        owner: &Owner,
        sid: Uuid,
        generation: u32,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let hash = self.keys.hash(owner.digest());
        let call = self.steps.confirm.on([hash]).arg(sid.as_bytes()).arg(generation).arg(now.as_millis());
        self.connection.run::<i64>(&call.command()).await.map(drop)
    }

    async fn find(&self, owner: &Owner, sid: Uuid) -> Result<Option<Family>, StoreError> {
        let fields = record::fields(sid);
        let command = Cmd::hmget(self.keys.hash(owner.digest()), &fields);
        let values: Vec<Option<Vec<u8>>> = self.connection.run(&Command::Single(command)).await?;
        let found = fields.into_iter().zip(values).filter_map(|(field, value)| Some((field, value?)));
        Ok(record::decode_all(&found.collect()).pop())
    }

    async fn list(&self, owner: &Owner) -> Result<Vec<Family>, StoreError> {
        let command = Cmd::hgetall(self.keys.hash(owner.digest()));
        let hash: HashMap<Vec<u8>, Vec<u8>> = self.connection.run(&Command::Single(command)).await?;
        Ok(record::decode_all(&hash))
    }

    async fn revision(&self, owner: &Owner, context: &Context) -> Result<Revision, StoreError> {
        let hash = self.keys.hash(owner.digest());
        let call = self.steps.revision.on([hash]).arg(context.heard.as_u64()).arg(revision_lives(context));
        self.connection.run(&call.command()).await.map(Revision::from_u64)
    }

    async fn remove(&self, owner: &Owner, sid: Uuid, context: &Context) -> Result<bool, StoreError> {
        let digest = owner.digest();
        let call = self.removing(self.hash_and_stream(digest), digest, sid, context);
        match self.end(&call).await {
            Err(error) if is_migrating(&error) => self.remove_in_steps(owner, sid, context).await,
            existed => existed,
        }
    }

    async fn remove_all(
        &self,
        owner: &Owner,
        spared: Option<Uuid>,
        context: &Context,
    ) -> Result<Removed, StoreError> {
        let keys = self.hash_and_stream(owner.digest());
        let call = self.removing_all(keys, owner, spared, context, "");
        match self.remove_all_by(&call).await {
            Err(error) if is_migrating(&error) => self.remove_all_in_steps(owner, spared, context).await,
            removed => removed,
        }
    }

    async fn tell(&self, revocation: &Revocation, context: &Context) -> Result<bool, StoreError> {
        let place = match revocation {
            Revocation::Session(owner, _) | Revocation::Owner(owner, ..) => *owner,
            // Every stream is read, so any will do. Ids are spread over them as digests are.
            Revocation::Token(id) => OwnerDigest::from_bytes(id.into_bytes()),
        };
        let keys = self.keys.stream(place);
        let call = self.publishing(&self.steps.tell, keys, context).arg(entry::encode(revocation));
        match self.end::<i64>(&call).await {
            Err(error) if is_migrating(&error) => self.tell_alone(place, [*revocation], context).await?,
            told => drop(told?),
        }
        Ok(true)
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn feed(&self, retention: Duration) -> Option<Arc<dyn RevocationFeed>> {
        Some(Arc::new(RedisFeed::new(Arc::clone(&self.connection), &self.keys, millis(retention))))
    }
}

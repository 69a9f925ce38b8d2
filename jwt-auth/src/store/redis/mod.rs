//! Families in Redis: one hash per subject, so that every operation on a subject takes one key and one round trip.
//! Operations that revoke also write to a stream in the same slot.

pub(crate) mod connection;
mod entry;
mod feed;
pub(crate) mod keys;
mod link;
mod record;
mod replicas;
pub(crate) mod script;
mod servers;
mod topology;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use redis::{Cmd, FromRedisValue};
use rocket::async_trait;
use uuid::Uuid;

use self::connection::Connection;
use self::feed::RedisFeed;
use self::keys::Keys;
use self::replicas::Replicas;
use self::script::{Call, Command, Step, revoking};
use self::topology::Topology;
use super::RefreshStore;
use crate::clock::Timestamp;
use crate::error::{StartupError, StoreError};
use crate::family::{Family, Swap, SwapOutcome};
use crate::revocation::{RevocationFeed, SubjectDigest};

#[cfg(feature = "sentinel")]
pub use self::servers::RedisSentinel;
pub use self::servers::RedisServers;

/// Keeps families in Redis 7 or later. The setting `redis` creates it.
///
/// A subject's families are the fields of one hash, whose key consists of the setting `prefix` and a digest of the
/// subject. It contains ids, but no tokens. The key expires with the last of its families. Revocations go to streams next
/// to the hashes, and over a channel to all processes.
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
    /// In milliseconds; 0 until the feed is requested, and nothing is put on it before.
    retention: AtomicU64,
    insert: Step,
    compare_and_swap: Step,
    remove: Step,
    remove_all: Step,
    revoke_token: Step,
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
        let unused = SubjectDigest::of("");
        let probe = revoking!(full, "probe.lua");
        let probe = probe.on([keys.mark(unused), keys.stream(unused)]).arg(&keys.channel);
        let open = async || Connection::open(Arc::clone(&topology), &probe.command()).await;
        let replicas = match options.wait_replicas {
            0 => None,
            wanted => Some(Replicas::new(open().await?, wanted, options.timeout)),
        };
        Ok(Self {
            connection: open().await?,
            replicas,
            retention: AtomicU64::new(0),
            insert: revoking!("insert.lua"),
            compare_and_swap: Step::new(include_str!("compare_and_swap.lua")),
            remove: revoking!(full, "remove.lua"),
            remove_all: revoking!(full, "remove_all.lua"),
            revoke_token: revoking!(full, "revoke_token.lua"),
            keys,
        })
    }

    /// Returns the connection and the names of the keys, for a bridge to another system.
    pub(crate) fn into_parts(self) -> (Arc<Connection>, Keys) {
        (self.connection, self.keys)
    }

    /// Returns a call of a step that revokes, on a subject's hash and its stream.
    fn revoking<'a>(&self, step: &'a Step, subject: SubjectDigest) -> Call<'a> {
        step.on([self.keys.hash(subject), self.keys.stream(subject)])
            .arg(&self.keys.channel)
            .arg(self.retention.load(Ordering::Relaxed))
    }

    /// Runs a step that ends sessions or tokens, and waits for the replicas that the settings require.
    async fn end<T: FromRedisValue>(&self, subject: SubjectDigest, call: &Call<'_>) -> Result<T, StoreError> {
        let answer = self.connection.run(&call.command()).await?;
        if let Some(replicas) = &self.replicas {
            replicas.wait(&self.keys.mark(subject)).await?;
        }
        Ok(answer)
    }
}

#[async_trait]
impl RefreshStore for RedisStore {
    async fn insert(
        &self,
        subject: &str,
        family: &Family,
        now: Timestamp,
        max_sessions: usize,
    ) -> Result<Vec<Uuid>, StoreError> {
        let call = self
            .revoking(&self.insert, SubjectDigest::of(subject))
            .arg(family.sid.as_bytes())
            .arg(record::encode(family))
            .arg(family.idle_end.as_millis())
            .arg(now.as_millis())
            .arg(max_sessions)
            .arg(record::device_fields(&family.device));
        let dropped: Vec<Vec<u8>> = self.connection.run(&call.command()).await?;
        Ok(record::sids(&dropped))
    }

    async fn compare_and_swap(
        &self,
        subject: &str,
        sid: Uuid,
        swap: &Swap,
    ) -> Result<SwapOutcome, StoreError> {
        let call = self
            .compare_and_swap
            .on([self.keys.hash(SubjectDigest::of(subject))])
            .arg(sid.as_bytes())
            .arg(swap.presented.as_bytes())
            .arg(swap.generation)
            .arg(swap.next.as_bytes())
            .arg(swap.now.as_millis())
            .arg(swap.idle_end.as_millis());
        let (done, record): (bool, Option<Vec<u8>>) = self.connection.run(&call.command()).await?;
        let family = record.map(|record| record::decode(sid, &record)).transpose()?;
        match (done, family) {
            (true, Some(family)) => Ok(SwapOutcome::Done(family)),
            (true, None) => Err(StoreError::Corrupt("a swap without a record")),
            (false, family) => Ok(SwapOutcome::Refused(family)),
        }
    }

    async fn find(&self, subject: &str, sid: Uuid) -> Result<Option<Family>, StoreError> {
        let fields = record::fields(sid);
        let command = Cmd::hmget(self.keys.hash(SubjectDigest::of(subject)), &fields);
        let values: Vec<Option<Vec<u8>>> = self.connection.run(&Command::Single(command)).await?;
        let found = fields.into_iter().zip(values).filter_map(|(field, value)| Some((field, value?)));
        Ok(record::decode_all(&found.collect())?.pop())
    }

    async fn list(&self, subject: &str) -> Result<Vec<Family>, StoreError> {
        let command = Cmd::hgetall(self.keys.hash(SubjectDigest::of(subject)));
        let hash: HashMap<Vec<u8>, Vec<u8>> = self.connection.run(&Command::Single(command)).await?;
        record::decode_all(&hash)
    }

    async fn remove(&self, subject: &str, sid: Uuid) -> Result<bool, StoreError> {
        let subject = SubjectDigest::of(subject);
        let call = self.revoking(&self.remove, subject).arg(sid.as_bytes());
        self.end(subject, &call).await
    }

    async fn remove_all(&self, subject: &str, now: Timestamp) -> Result<Vec<Uuid>, StoreError> {
        let subject = SubjectDigest::of(subject);
        let call = self.revoking(&self.remove_all, subject).arg(subject.as_bytes()).arg(now.as_millis());
        let removed: Vec<Vec<u8>> = self.end(subject, &call).await?;
        Ok(record::sids(&removed))
    }

    async fn revoke_token(&self, id: Uuid) -> Result<bool, StoreError> {
        // Every stream is read, so any will do. Ids are spread over them as digests are.
        let place = SubjectDigest::from_bytes(id.into_bytes());
        let call = self.revoking(&self.revoke_token, place).arg(id.as_bytes());
        self.end(place, &call).await
    }

    fn feed(&self, retention: Duration) -> Option<Arc<dyn RevocationFeed>> {
        let retention = u64::try_from(retention.as_millis()).unwrap_or(u64::MAX).max(1);
        self.retention.store(retention, Ordering::Relaxed);
        Some(Arc::new(RedisFeed::new(Arc::clone(&self.connection), &self.keys, retention)))
    }
}

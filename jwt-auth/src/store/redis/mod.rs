//! Families in Redis: one hash for each subject, so that whatever concerns a subject is one key and one
//! round trip. What revokes also writes to a stream beside it.

mod connection;
mod entry;
mod feed;
mod keys;
mod link;
mod record;
mod replicas;
mod script;
mod servers;
mod token_set;
mod topology;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use redis::{Cmd, FromRedisValue};
use rocket::async_trait;
use uuid::Uuid;

use self::connection::{Command, Connection};
use self::feed::RedisFeed;
use self::keys::Keys;
use self::replicas::Replicas;
use self::script::{Call, Step, revoking};
use self::token_set::RedisTokenSet;
use self::topology::Topology;
use super::{RefreshStore, RevocationFeed, SubjectDigest, Swapped};
use crate::clock::Timestamp;
use crate::error::{StartupError, StoreError};
use crate::refresh::{Family, Swap};

#[cfg(feature = "sentinel")]
pub use self::servers::RedisSentinel;
pub use self::servers::RedisServers;

/// Families in Redis 7 or later. Made from the setting `redis`.
///
/// A subject's families are the fields of one hash, whose key is the setting `prefix` and a digest of
/// the subject. No token is in it, only ids. The key expires with the last of its families. What is
/// revoked goes into streams beside the hashes, and over a channel to all who listen.
///
/// # What Redis may lose
///
/// Redis acknowledges a write before its replicas, or its disk, have it. When it fails over, or starts
/// again from an older copy, the last writes are gone:
///
/// - A **refresh** that is lost costs nothing: its token says how many came before it, and goes on where
///   the store thinks it is further back. Unless the session was then left unused beyond the end that it
///   had before, or two tabs of it refreshed at that moment: they sign in again.
/// - A **login** that is lost makes its user sign in again.
/// - A **logout** that is lost brings the session back, until it ends by itself or somebody ends it again. A
///   process that heard of the logout does so when it is asked for a refresh, for as long as it remembers that:
///   `access_ttl`, `leeway` and a minute.
///   [`wait_replicas`](RedisOptions::wait_replicas) answers a logout only when replicas have it, so that a
///   failover to one of those does not lose it; `min-replicas-to-write` in Redis's own configuration
///   bounds how much a master that was cut off takes in before it refuses; `appendfsync always` is for a
///   single server. None of them makes of Redis what a consensus is: a replica that did not have the
///   logout may still be the one that is promoted.
///
/// Access tokens that were refused stay refused in the processes that heard of it, whatever Redis lost. One that
/// starts afterwards takes them until they expire, if their end is what was lost.
pub struct RedisStore {
    connection: Arc<Connection>,
    replicas: Option<Replicas>,
    keys: Keys,
    /// In milliseconds; 0 while nobody asked for the feed, and nothing is put there.
    retention: AtomicU64,
    insert: Step,
    compare_and_swap: Step,
    remove: Step,
    remove_all: Step,
    revoke_token: Step,
}

/// How a [`RedisStore`] uses its Redis.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RedisOptions {
    /// What keys begin with.
    pub prefix: String,
    /// How long an answer may take.
    pub timeout: Duration,
    /// How many replicas must have a logout, or the end of one access token, before it is answered; 0 waits for
    /// none. One that fewer have in a quarter of the timeout is an error, and can be asked for again. Sessions that
    /// make room for a login are not waited for.
    pub wait_replicas: usize,
}

impl Default for RedisOptions {
    /// What the settings are by default.
    fn default() -> Self {
        Self { prefix: "jwt-auth".to_owned(), timeout: Duration::from_millis(500), wait_replicas: 0 }
    }
}

impl RedisStore {
    /// Connects.
    ///
    /// # Errors
    ///
    /// A URL is wrong, or no Redis answers there that can keep sessions.
    pub async fn connect(
        servers: impl Into<RedisServers>,
        options: RedisOptions,
    ) -> Result<Self, StartupError> {
        let topology = Arc::new(Topology::new(&servers.into(), options.timeout)?);
        let keys = Keys::new(&options.prefix, topology.database());
        let nobody = SubjectDigest::of("");
        let probe = revoking!(full, "probe.lua");
        let probe = probe.on([keys.mark(nobody), keys.stream(nobody)]).arg(&keys.channel);
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

    /// The SET of a service on fastapi_framework in this Redis.
    pub(crate) fn token_set(&self) -> RedisTokenSet {
        RedisTokenSet::new(Arc::clone(&self.connection), &self.keys)
    }

    /// A step that revokes: on a subject's hash and the stream beside it.
    fn revoking<'a>(&self, step: &'a Step, subject: SubjectDigest) -> Call<'a> {
        step.on([self.keys.hash(subject), self.keys.stream(subject)])
            .arg(&self.keys.channel)
            .arg(self.retention.load(Ordering::Relaxed))
    }

    /// Takes a step that ends sessions or tokens, and waits for as many replicas as the settings ask for.
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

    async fn compare_and_swap(&self, subject: &str, sid: Uuid, swap: &Swap) -> Result<Swapped, StoreError> {
        let call = self
            .compare_and_swap
            .on([self.keys.hash(SubjectDigest::of(subject))])
            .arg(sid.as_bytes())
            .arg(swap.presented.as_bytes())
            .arg(swap.generation)
            .arg(swap.next.as_bytes())
            .arg(swap.now.as_millis())
            .arg(swap.idle_end.as_millis());
        let (swapped, record): (bool, Option<Vec<u8>>) = self.connection.run(&call.command()).await?;
        let family = record.map(|record| record::decode(sid, &record)).transpose()?;
        match (swapped, family) {
            (true, Some(family)) => Ok(Swapped::Done(family)),
            (true, None) => Err(StoreError::Corrupt("a swap of nothing")),
            (false, family) => Ok(Swapped::Refused(family)),
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
        let call = self.revoking(&self.remove_all, subject).arg(&subject.0).arg(now.as_millis());
        let removed: Vec<Vec<u8>> = self.end(subject, &call).await?;
        Ok(record::sids(&removed))
    }

    async fn revoke_token(&self, id: Uuid) -> Result<bool, StoreError> {
        // All streams are read, so it may stand in any. Ids are spread over them as digests are.
        let place = SubjectDigest(id.into_bytes());
        let call = self.revoking(&self.revoke_token, place).arg(id.as_bytes());
        self.end(place, &call).await
    }

    fn feed(&self, retention: Duration) -> Option<Arc<dyn RevocationFeed>> {
        let retention = u64::try_from(retention.as_millis()).unwrap_or(u64::MAX).max(1);
        self.retention.store(retention, Ordering::Relaxed);
        Some(Arc::new(RedisFeed::new(Arc::clone(&self.connection), &self.keys, retention)))
    }
}

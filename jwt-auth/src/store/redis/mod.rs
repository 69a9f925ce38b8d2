//! Families in Redis: one hash for each subject, so that whatever concerns a subject is one key and one
//! round trip. What revokes also writes to the one stream of all.

mod connection;
mod feed;
mod record;
mod token_set;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use redis::{Cmd, Script, ScriptInvocation};
use rocket::async_trait;
use uuid::Uuid;

use self::connection::{Command, Connection};
use self::feed::RedisFeed;
use self::token_set::RedisTokenSet;
use super::{RefreshStore, RevocationFeed, SubjectDigest, Swapped};
use crate::clock::Timestamp;
use crate::error::{StartupError, StoreError};
use crate::refresh::{Family, Swap};

/// Families in Redis 7 or later. Made from the setting `redis`.
///
/// A subject's families are the fields of one hash, whose key is the setting `prefix` and a digest of
/// the subject. No token is in it, only ids. The key expires with the last of its families. What is
/// revoked goes through a stream, `prefix` and `:revocations`.
pub struct RedisStore {
    connection: Arc<Connection>,
    options: RedisOptions,
    /// In milliseconds; 0 while nobody asked for the feed, and nothing is put there.
    retention: AtomicU64,
    insert: Script,
    compare_and_swap: Script,
    remove: Script,
    remove_all: Script,
}

/// How a [`RedisStore`] uses its Redis.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RedisOptions {
    /// What keys begin with.
    pub prefix: String,
    /// How long an answer may take.
    pub timeout: Duration,
}

impl Default for RedisOptions {
    /// What the settings are by default.
    fn default() -> Self {
        Self { prefix: "jwt-auth".to_owned(), timeout: Duration::from_millis(500) }
    }
}

macro_rules! revoking_script {
    ($file:literal) => {
        Script::new(concat!(include_str!("common.lua"), include_str!($file)))
    };
}

impl RedisStore {
    /// Connects to `redis://` or, with TLS, `rediss://`.
    ///
    /// # Errors
    ///
    /// The URL is wrong, or no Redis answers there that can keep sessions.
    pub async fn connect(url: &str, options: RedisOptions) -> Result<Self, StartupError> {
        let probe = revoking_script!("probe.lua");
        let mut invocation = probe.prepare_invoke();
        invocation.key(format!("{}:probe", options.prefix)).key(stream(&options.prefix));
        let connection = Connection::open(url, &Command::Script(invocation), options.timeout).await?;
        Ok(Self {
            connection: Arc::new(connection),
            options,
            retention: AtomicU64::new(0),
            insert: revoking_script!("insert.lua"),
            compare_and_swap: Script::new(include_str!("compare_and_swap.lua")),
            remove: revoking_script!("remove.lua"),
            remove_all: revoking_script!("remove_all.lua"),
        })
    }

    /// The SET of a service on fastapi_framework that is in this Redis.
    pub(crate) fn token_set(&self) -> RedisTokenSet {
        RedisTokenSet::new(Arc::clone(&self.connection), &self.options.prefix)
    }

    /// The key of a subject's hash. The subject is digested, since it may hold anything: braces that
    /// would choose a slot, globs, line breaks, ten thousand characters.
    fn key(&self, subject: SubjectDigest) -> String {
        format!("{}:{}", self.options.prefix, URL_SAFE_NO_PAD.encode(subject.0))
    }

    /// A script that revokes: with a subject's hash, the stream, and how long that is kept.
    fn revoking<'a>(&self, script: &'a Script, subject: SubjectDigest) -> ScriptInvocation<'a> {
        let mut invocation = script.prepare_invoke();
        invocation
            .key(self.key(subject))
            .key(stream(&self.options.prefix))
            .arg(self.retention.load(Ordering::Relaxed));
        invocation
    }
}

/// The key of the stream.
fn stream(prefix: &str) -> String {
    format!("{prefix}:revocations")
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
        let mut invocation = self.revoking(&self.insert, SubjectDigest::of(subject));
        invocation
            .arg(family.sid.as_bytes())
            .arg(record::encode(family))
            .arg(family.idle_end.as_millis())
            .arg(now.as_millis())
            .arg(max_sessions)
            .arg(record::user_agent(family));
        let dropped: Vec<Vec<u8>> = self.connection.run(&Command::Script(invocation)).await?;
        Ok(record::sids(&dropped))
    }

    async fn compare_and_swap(&self, subject: &str, sid: Uuid, swap: &Swap) -> Result<Swapped, StoreError> {
        let mut invocation = self.compare_and_swap.prepare_invoke();
        invocation
            .key(self.key(SubjectDigest::of(subject)))
            .arg(sid.as_bytes())
            .arg(swap.presented.as_bytes())
            .arg(swap.generation)
            .arg(swap.next.as_bytes())
            .arg(swap.now.as_millis())
            .arg(swap.idle_end.as_millis());
        let (swapped, record): (bool, Option<Vec<u8>>) =
            self.connection.run(&Command::Script(invocation)).await?;
        let family = record.map(|record| record::decode(sid, &record)).transpose()?;
        match (swapped, family) {
            (true, Some(family)) => Ok(Swapped::Done(family)),
            (true, None) => Err(StoreError::Corrupt("a swap of nothing")),
            (false, family) => Ok(Swapped::Refused(family)),
        }
    }

    async fn find(&self, subject: &str, sid: Uuid) -> Result<Option<Family>, StoreError> {
        let fields = record::fields(sid);
        let command = Cmd::hmget(self.key(SubjectDigest::of(subject)), &fields);
        let values: Vec<Option<Vec<u8>>> = self.connection.run(&Command::Single(command)).await?;
        let found = fields.into_iter().zip(values).filter_map(|(field, value)| Some((field, value?)));
        Ok(record::decode_all(&found.collect())?.pop())
    }

    async fn list(&self, subject: &str) -> Result<Vec<Family>, StoreError> {
        let command = Cmd::hgetall(self.key(SubjectDigest::of(subject)));
        let hash: HashMap<Vec<u8>, Vec<u8>> = self.connection.run(&Command::Single(command)).await?;
        record::decode_all(&hash)
    }

    async fn remove(&self, subject: &str, sid: Uuid) -> Result<bool, StoreError> {
        let mut invocation = self.revoking(&self.remove, SubjectDigest::of(subject));
        invocation.arg(sid.as_bytes());
        self.connection.run(&Command::Script(invocation)).await
    }

    async fn remove_all(&self, subject: &str, now: Timestamp) -> Result<Vec<Uuid>, StoreError> {
        let subject = SubjectDigest::of(subject);
        let mut invocation = self.revoking(&self.remove_all, subject);
        invocation.arg(&subject.0).arg(now.as_millis());
        let removed: Vec<Vec<u8>> = self.connection.run(&Command::Script(invocation)).await?;
        Ok(record::sids(&removed))
    }

    fn feed(&self, retention: Duration) -> Option<Arc<dyn RevocationFeed>> {
        let retention = u64::try_from(retention.as_millis()).unwrap_or(u64::MAX).max(1);
        self.retention.store(retention, Ordering::Relaxed);
        let (connection, stream) = (Arc::clone(&self.connection), stream(&self.options.prefix));
        Some(Arc::new(RedisFeed::new(connection, stream, retention, self.options.timeout)))
    }
}

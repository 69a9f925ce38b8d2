//! Families in Redis: one hash for each subject, so that whatever concerns a subject is one key, one
//! round trip and, in a cluster, one slot.

mod connection;
mod record;

use std::collections::HashMap;
use std::time::Duration;

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use redis::{Cmd, Script};
use rocket::async_trait;
use uuid::Uuid;

use self::connection::{Command, Connection};
use super::{RefreshStore, Swapped};
use crate::clock::Timestamp;
use crate::error::{StartupError, StoreError};
use crate::refresh::{Family, Swap};

/// Families in Redis 7 or later. Made from the setting `redis`.
///
/// A subject's families are the fields of one hash, whose key is the setting `prefix` and a hash of
/// the subject. No token is in it, only ids. The key expires with the last of its families.
pub struct RedisStore {
    connection: Connection,
    prefix: String,
    insert: Script,
    compare_and_swap: Script,
}

impl RedisStore {
    /// Connects to `redis://` or, with TLS, `rediss://`. Keys begin with `prefix`; an answer that
    /// takes longer than `timeout` is an error.
    ///
    /// # Errors
    ///
    /// The URL is wrong, or no Redis answers there.
    pub async fn connect(url: &str, prefix: &str, timeout: Duration) -> Result<Self, StartupError> {
        Ok(Self {
            connection: Connection::open(url, &format!("{prefix}:probe"), timeout).await?,
            prefix: prefix.to_owned(),
            insert: Script::new(include_str!("insert.lua")),
            compare_and_swap: Script::new(include_str!("compare_and_swap.lua")),
        })
    }

    /// The key of a subject's hash. The subject is hashed, since it may hold anything: braces that
    /// would choose a slot, globs, line breaks, ten thousand characters. Half of SHA-256 is enough:
    /// whoever finds two subjects of one key has two accounts of his own that share a list.
    fn key(&self, subject: &str) -> String {
        let hash = digest::digest(&digest::SHA256, subject.as_bytes());
        format!("{}:{}", self.prefix, URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]))
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
        let mut invocation = self.insert.prepare_invoke();
        invocation
            .key(self.key(subject))
            .arg(family.sid.as_bytes())
            .arg(record::encode(family))
            .arg(family.idle_end.as_millis())
            .arg(now.as_millis())
            .arg(max_sessions)
            .arg(family.device.user_agent.as_deref().unwrap_or_default());
        let dropped: Vec<Vec<u8>> = self.connection.run(&Command::Script(invocation)).await?;
        Ok(record::sids(&dropped))
    }

    async fn compare_and_swap(&self, subject: &str, sid: Uuid, swap: &Swap) -> Result<Swapped, StoreError> {
        let mut invocation = self.compare_and_swap.prepare_invoke();
        invocation
            .key(self.key(subject))
            .arg(sid.as_bytes())
            .arg(swap.presented.as_bytes())
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

    async fn list(&self, subject: &str) -> Result<Vec<Family>, StoreError> {
        let command = Command::Single(Cmd::hgetall(self.key(subject)));
        let hash: HashMap<Vec<u8>, Vec<u8>> = self.connection.run(&command).await?;
        record::decode_all(hash)
    }

    async fn remove(&self, subject: &str, sid: Uuid) -> Result<bool, StoreError> {
        let fields = [sid.as_bytes().to_vec(), record::user_agent_field(sid)];
        let command = Command::Single(Cmd::hdel(self.key(subject), &fields));
        let removed: i64 = self.connection.run(&command).await?;
        Ok(removed > 0)
    }

    async fn remove_all(&self, subject: &str) -> Result<Vec<Uuid>, StoreError> {
        let key = self.key(subject);
        let mut pipeline = redis::pipe();
        pipeline.atomic().hkeys(&key).unlink(&key).ignore();
        let (fields,): (Vec<Vec<u8>>,) = self.connection.run(&Command::Atomic(pipeline)).await?;
        Ok(record::sids(&fields))
    }
}

//! The stream of revocations, read by a connection of its own: a read that waits would hold up all
//! others.

use std::sync::Arc;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::streams::{StreamId, StreamReadOptions, StreamReadReply};
use redis::{AsyncTypedCommands, RedisResult, from_redis_value};
use rocket::async_trait;
use rocket::tokio::sync::Mutex;
use rocket::tokio::time::timeout;
use uuid::Uuid;

use super::connection::Connection;
use crate::clock::Timestamp;
use crate::error::StoreError;
use crate::store::{News, Revocation, RevocationFeed, SubjectDigest};

/// How many entries one read takes.
const BATCH: usize = 1_000;

pub(super) struct RedisFeed {
    connection: Arc<Connection>,
    stream: String,
    timeout: Duration,
    reader: Mutex<Option<MultiplexedConnection>>,
}

impl RedisFeed {
    /// `timeout` is for an answer, beyond what a read waits for news.
    pub(super) fn new(connection: Arc<Connection>, stream: String, timeout: Duration) -> Self {
        Self { connection, stream, timeout, reader: Mutex::new(None) }
    }

    async fn read_stream(
        &self,
        reader: &mut MultiplexedConnection,
        cursor: Option<&str>,
        wait: Duration,
    ) -> RedisResult<Vec<StreamId>> {
        let mut options = StreamReadOptions::default().count(BATCH);
        if !wait.is_zero() {
            options = options.block(usize::try_from(wait.as_millis()).unwrap_or(usize::MAX));
        }
        let reply: Option<StreamReadReply> =
            reader.xread_options(&[&self.stream], &[cursor.unwrap_or("0-0")], &options).await?;
        Ok(reply.into_iter().flat_map(|reply| reply.keys).flat_map(|key| key.ids).collect())
    }
}

#[async_trait]
impl RevocationFeed for RedisFeed {
    async fn read(&self, cursor: Option<&str>, wait: Duration) -> Result<News, StoreError> {
        let mut slot = self.reader.lock().await;
        let mut reader = match slot.take() {
            Some(reader) => reader,
            None => self.connection.dedicated().await.map_err(StoreError::new)?,
        };
        let limit = wait + self.timeout;
        let entries = match timeout(limit, self.read_stream(&mut reader, cursor, wait)).await {
            Ok(entries) => entries.map_err(StoreError::new)?,
            Err(_) => return Err(StoreError::TimedOut(limit)),
        };
        // Put back only now: a connection that failed, or was left in the middle of a read, is gone.
        *slot = Some(reader);

        let last = entries.last().map(|entry| entry.id.clone());
        let cursor = last.or_else(|| cursor.map(str::to_owned));
        Ok(News { revocations: entries.iter().flat_map(revocations).collect(), cursor })
    }
}

/// What an entry revokes: the sessions of `s`, 16 bytes each, and the subject of `b`.
fn revocations(entry: &StreamId) -> Vec<Revocation> {
    let bytes = |name: &str| -> Vec<u8> {
        entry.map.get(name).and_then(|value| from_redis_value(value.clone()).ok()).unwrap_or_default()
    };
    let mut revocations: Vec<Revocation> = bytes("s")
        .chunks_exact(16)
        .filter_map(|sid| Uuid::from_slice(sid).ok())
        .map(Revocation::Session)
        .collect();
    let added = entry.id.split('-').next().and_then(|millis| millis.parse().ok()).map(Timestamp::from_millis);
    if let (Ok(digest), Some(added)) = (<[u8; 16]>::try_from(bytes("b")), added) {
        revocations.push(Revocation::Subject(SubjectDigest(digest), added));
    }
    revocations
}

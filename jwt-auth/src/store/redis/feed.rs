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
    retention: u64,
    timeout: Duration,
    reader: Mutex<Option<MultiplexedConnection>>,
}

impl RedisFeed {
    /// `retention` is in milliseconds; `timeout` is for an answer, beyond what a read waits for news.
    pub(super) fn new(
        connection: Arc<Connection>,
        stream: String,
        retention: u64,
        timeout: Duration,
    ) -> Self {
        Self { connection, stream, retention, timeout, reader: Mutex::new(None) }
    }

    async fn read_stream(
        &self,
        reader: &mut MultiplexedConnection,
        cursor: Option<&str>,
        wait: Duration,
    ) -> RedisResult<Vec<StreamId>> {
        // A process that gives tokens less time keeps the stream for less: this one asks anew each time.
        redis::cmd("PEXPIRE").arg(&self.stream).arg(self.retention).arg("GT").exec_async(reader).await?;
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
        let (mut reader, from) = match slot.take() {
            Some(reader) => (reader, cursor.map(str::to_owned)),
            None => (self.connection.dedicated().await.map_err(StoreError::new)?, cursor.map(rewound)),
        };
        let limit = wait + self.timeout;
        let entries = match timeout(limit, self.read_stream(&mut reader, from.as_deref(), wait)).await {
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

/// A while before a cursor: a server that took over from another, whose clock was ahead, counts on from
/// its own.
fn rewound(cursor: &str) -> String {
    const BACK: u64 = 60_000;
    let millis = cursor.split('-').next().and_then(|millis| millis.parse().ok()).unwrap_or(0_u64);
    format!("{}-0", millis.saturating_sub(BACK))
}

/// What an entry revokes: the sessions of `s`, 16 bytes each, and the subject of `b` up to the time `t`.
fn revocations(entry: &StreamId) -> Vec<Revocation> {
    let bytes = |name: &str| -> Vec<u8> {
        entry.map.get(name).and_then(|value| from_redis_value(value.clone()).ok()).unwrap_or_default()
    };
    let mut revocations: Vec<Revocation> = bytes("s")
        .chunks_exact(16)
        .filter_map(|sid| Uuid::from_slice(sid).ok())
        .map(Revocation::Session)
        .collect();
    let time = String::from_utf8(bytes("t")).ok().and_then(|millis| millis.parse().ok());
    if let (Ok(digest), Some(millis)) = (<[u8; 16]>::try_from(bytes("b")), time) {
        revocations.push(Revocation::Subject(SubjectDigest(digest), Timestamp::from_millis(millis)));
    }
    revocations
}

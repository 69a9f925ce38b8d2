//! What was revoked, read from the streams, and heard of by the channel a moment after it happened.

use std::sync::Arc;
use std::time::Duration;

use redis::{ErrorKind, PushInfo, PushKind, RedisError, RedisResult, Value};
use rocket::async_trait;
use rocket::futures::future::join_all;
use rocket::tokio::sync::Mutex;
use rocket::tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use rocket::tokio::time::{Instant, sleep_until, timeout_at};

use super::connection::Connection;
use super::entry::revocations;
use super::keys::Keys;
use super::link::Link;
use super::script::Step;
use crate::error::StoreError;
use crate::store::{News, Revocation, RevocationFeed};

/// How many entries of each stream one read takes: all of them hold up Redis for some milliseconds.
const BATCH: usize = 100;

/// Where a stream begins.
const BEGINNING: &str = "0-0";

/// An entry of a stream: its id, and what it revokes.
type Entry = (String, Vec<u8>);

pub(super) struct RedisFeed {
    connection: Arc<Connection>,
    streams: Vec<String>,
    channel: String,
    /// In milliseconds.
    retention: u64,
    read: Step,
    reader: Mutex<Option<Reader>>,
}

/// A connection that hears the channel.
struct Reader {
    link: Link,
    pushes: UnboundedReceiver<PushInfo>,
    /// When the streams were read last.
    read_at: Instant,
    /// Whether some of them gave no answer.
    failing: bool,
    /// Whether there is more in those that did: it is read before anything is waited for.
    behind: bool,
}

impl RedisFeed {
    pub(super) fn new(connection: Arc<Connection>, keys: &Keys, retention: u64) -> Self {
        Self {
            connection,
            streams: keys.streams(),
            channel: keys.channel.clone(),
            retention,
            read: Step::new(include_str!("read.lua")),
            reader: Mutex::new(None),
        }
    }

    /// Hears first, so that nothing falls between the first read and that.
    async fn open(&self) -> RedisResult<Reader> {
        let (sender, pushes) = unbounded_channel();
        let mut link = self.connection.dedicated(sender).await?;
        match link.subscribe(&self.channel).await {
            Err(error) if matches!(error.kind(), ErrorKind::Server(_)) => log::warn!(
                "jwt-auth: Redis does not let this user subscribe to `{}`: what other processes revoke is \
                 heard of a second late: {error}",
                self.channel
            ),
            heard => heard?,
        }
        Ok(Reader { link, pushes, read_at: Instant::now(), failing: false, behind: false })
    }

    /// The entries of every stream after these ids. One server reads all at once; a cluster takes each
    /// where it is, and some may answer while others do not.
    async fn read_streams(&self, link: &Link, after: &[String]) -> Vec<RedisResult<Vec<Entry>>> {
        let at_once = if link.is_cluster() { 1 } else { self.streams.len() };
        let reads = self.streams.chunks(at_once).zip(after.chunks(at_once)).map(|(streams, after)| {
            let call = self.read.on(streams.iter().cloned()).arg(self.retention).arg(BATCH).arg(after);
            let mut link = link.clone();
            async move {
                match call.command().send::<Vec<Vec<Entry>>>(&mut link).await {
                    Ok(read) if read.len() == streams.len() => read.into_iter().map(Ok).collect(),
                    Ok(_) => vec![Err(ODD.into()); streams.len()],
                    Err(error) => vec![Err(error); streams.len()],
                }
            }
        });
        join_all(reads).await.into_iter().flatten().collect()
    }

    /// The reader to go on with, and whether it is new; or what was pushed to it meanwhile.
    async fn reader(&self, slot: Option<Reader>, wait: Duration) -> RedisResult<Heard> {
        let Some(mut reader) = slot else { return Ok(Heard::Nothing(self.open().await?, true)) };
        if reader.behind {
            return Ok(Heard::Nothing(reader, false));
        }
        match reader.pushed(wait).await {
            Some(revocations) => Ok(Heard::Pushed(reader, revocations)),
            // A node that hangs is left only by a new connection.
            None if reader.failing => {
                Ok(Heard::Nothing(Reader { failing: true, ..self.open().await? }, true))
            }
            None => Ok(Heard::Nothing(reader, false)),
        }
    }
}

/// What came while it was not yet time to read the streams.
enum Heard {
    Nothing(Reader, bool),
    Pushed(Reader, Vec<Revocation>),
}

const ODD: (ErrorKind, &str) = (ErrorKind::UnexpectedReturnType, "not every stream was read");

#[async_trait]
impl RevocationFeed for RedisFeed {
    async fn read(&self, cursor: Option<&str>, wait: Duration) -> Result<News, StoreError> {
        let mut slot = self.reader.lock().await;
        let mut after = positions(cursor, self.streams.len());
        let mut reader = match self.reader(slot.take(), wait).await.map_err(StoreError::new)? {
            Heard::Pushed(reader, revocations) => {
                *slot = Some(reader);
                return Ok(News { revocations, cursor: cursor.map(str::to_owned), up_to_date: false });
            }
            Heard::Nothing(reader, is_new) => {
                if is_new {
                    after = after.iter().map(|id| rewound(id)).collect();
                }
                reader
            }
        };

        let reads = self.read_streams(&reader.link, &after).await;
        let streams = reads.len();
        let (mut news, failures) = take_in(reads, &mut after);
        let is_behind = !news.up_to_date;
        if let Some(error) = failures.first() {
            // Whoever does not wait wants to know everything before going on.
            if wait.is_zero() || failures.len() == streams {
                return Err(StoreError::new(error.clone()));
            }
            if !reader.failing {
                log::warn!("jwt-auth: the revocations of a part of the cluster are not heard: {error}");
            }
            news.up_to_date = false;
        } else if reader.failing {
            log::warn!("jwt-auth: the revocations of the whole cluster are heard again");
        }
        // Put back only now: a connection that failed, or was left in the middle of a read, is gone.
        reader.failing = !failures.is_empty();
        reader.behind = is_behind;
        reader.read_at = Instant::now();
        *slot = Some(reader);
        news.cursor = Some(after.join(" "));
        Ok(news)
    }
}

impl Reader {
    /// What was pushed, if there is something before it is time to read the streams again.
    async fn pushed(&mut self, wait: Duration) -> Option<Vec<Revocation>> {
        let time_to_read = self.read_at + wait;
        while Instant::now() < time_to_read {
            match timeout_at(time_to_read, self.pushes.recv()).await.ok()? {
                Some(push) => {
                    let mut revoked = message(push);
                    while let Ok(push) = self.pushes.try_recv() {
                        revoked.extend(message(push));
                    }
                    if !revoked.is_empty() {
                        return Some(revoked);
                    }
                }
                None => sleep_until(time_to_read).await,
            }
        }
        None
    }
}

/// What was read of each stream, and what failed. `after` moves on where something was read.
fn take_in(reads: Vec<RedisResult<Vec<Entry>>>, after: &mut [String]) -> (News, Vec<RedisError>) {
    let mut news = News { up_to_date: true, ..News::default() };
    let mut failures = Vec::new();
    for (after, read) in after.iter_mut().zip(reads) {
        match read {
            Ok(entries) => {
                if let Some((id, _)) = entries.last() {
                    after.clone_from(id);
                }
                news.up_to_date &= entries.len() < BATCH;
                news.revocations.extend(entries.iter().flat_map(|(_, entry)| revocations(entry)));
            }
            Err(error) => failures.push(error),
        }
    }
    (news, failures)
}

/// What a pushed message revokes.
fn message(push: PushInfo) -> Vec<Revocation> {
    match (push.kind, push.data.into_iter().nth(1)) {
        (PushKind::Message, Some(Value::BulkString(entry))) => revocations(&entry),
        _ => Vec::new(),
    }
}

/// Where to go on in each stream.
fn positions(cursor: Option<&str>, streams: usize) -> Vec<String> {
    let positions: Vec<String> = cursor.unwrap_or_default().split(' ').map(str::to_owned).collect();
    if positions.len() == streams { positions } else { vec![BEGINNING.to_owned(); streams] }
}

/// A while before an id: a server that took over from another, whose clock was ahead, counts on from its
/// own.
fn rewound(id: &str) -> String {
    const BACK: u64 = 60_000;
    let millis = id.split('-').next().and_then(|millis| millis.parse().ok()).unwrap_or(0_u64);
    format!("{}-0", millis.saturating_sub(BACK))
}

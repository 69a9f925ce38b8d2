//! The feed of revocations. The channel pushes each revocation right after it happens, and the streams keep it, so that
//! a process that missed the message can still read it.

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
use super::migration::is_try_again;
use super::script::Step;
use super::steps::Steps;
use crate::error::StoreError;
use crate::revocation::{FeedPage, Revocation, RevocationFeed};

/// The maximum number of entries per stream in one read. Reading all streams blocks Redis for a few milliseconds.
const BATCH: usize = 100;

/// The maximum number of bytes in one read, over all streams. The last entry may exceed it.
const BYTES: usize = 1 << 20;

/// The position in a stream that has never been read. The script then returns every entry that can still matter.
const BEGINNING: &str = "";

/// An entry of a stream: its id and its content.
type Entry = (String, Vec<u8>);

/// The entries that were read from a stream, and whether there may be more.
type Entries = (Vec<Entry>, bool);

pub(super) struct RedisFeed {
    connection: Arc<Connection>,
    /// The keys of the streams, and of their retentions.
    streams: Vec<[String; 2]>,
    channel: String,
    /// How long a revocation can matter to this process, in milliseconds.
    retention: u64,
    read: Step,
    reader: Mutex<Option<Reader>>,
}

/// A connection that is subscribed to the channel.
struct Reader {
    link: Link,
    pushes: UnboundedReceiver<PushInfo>,
    /// When the streams were last read.
    read_at: Instant,
    /// Whether some of them could not be read.
    failing: bool,
    /// Whether the other streams have more entries to read now.
    behind: bool,
}

impl RedisFeed {
    pub(super) fn new(connection: Arc<Connection>, keys: &Keys, retention: u64) -> Self {
        Self {
            connection,
            streams: keys.streams(),
            channel: keys.channel.clone(),
            retention,
            read: Steps::read(),
            reader: Mutex::new(None),
        }
    }

    /// Connects and subscribes. This happens before the first read, so that no revocation is missed in between.
    async fn open(&self) -> RedisResult<Reader> {
        let (sender, pushes) = unbounded_channel();
        let mut link = self.connection.dedicated(sender).await?;
        match link.subscribe(&self.channel).await {
            Err(error) if matches!(error.kind(), ErrorKind::Server(_)) => log::warn!(
                "jwt-auth: Redis does not let this user subscribe to `{channel}`, so revocations by other processes arrive \
                 up to a second late. It needs the permissions `+subscribe &{channel}`: {error}",
                channel = self.channel
            ),
            heard => heard?,
        }
        Ok(Reader { link, pushes, read_at: Instant::now(), failing: false, behind: false })
    }

    /// Reads the entries after these ids from every stream. A single server reads all streams at once. In a cluster,
    /// each stream is read from its own node, so some reads may fail while others succeed.
    async fn read_streams(&self, link: &Link, after: &[String]) -> Vec<RedisResult<Entries>> {
        let at_once = if link.is_cluster() { 1 } else { self.streams.len() };
        let reads = self.streams.chunks(at_once).zip(after.chunks(at_once)).map(|(streams, after)| {
            let call = move |keys: Vec<String>| {
                self.read.on(keys).arg(self.retention).arg(BATCH).arg(BYTES).arg(after)
            };
            let mut link = link.clone();
            async move {
                let both = call(streams.as_flattened().to_vec());
                let read = match both.command().send::<Vec<Entries>>(&mut link).await {
                    // A slot migration has moved the two keys to different nodes.
                    Err(error) if is_try_again(&error) => {
                        let alone = call(streams.iter().map(|[stream, _]| stream.clone()).collect());
                        alone.command().send(&mut link).await
                    }
                    read => read,
                };
                match read {
                    Ok(read) if read.len() == streams.len() => read.into_iter().map(Ok).collect(),
                    Ok(_) => vec![Err(ODD.into()); streams.len()],
                    Err(error) => vec![Err(error); streams.len()],
                }
            }
        });
        join_all(reads).await.into_iter().flatten().collect()
    }

    /// Waits until the streams are due to be read, or until a revocation is pushed.
    async fn reader(&self, slot: Option<Reader>, wait: Duration) -> RedisResult<Next> {
        let Some(mut reader) = slot else { return Ok(Next::Read(self.open().await?, true)) };
        if reader.behind {
            return Ok(Next::Read(reader, false));
        }
        match reader.pushed(wait).await {
            Some(revocations) => Ok(Next::Pushed(reader, revocations)),
            // Only a new connection can avoid a node that hangs.
            None if reader.failing => Ok(Next::Read(Reader { failing: true, ..self.open().await? }, true)),
            None => Ok(Next::Read(reader, false)),
        }
    }
}

/// The next step of a read.
enum Next {
    /// Read the streams. The flag says whether the connection is new.
    Read(Reader, bool),
    /// Return what was pushed.
    Pushed(Reader, Vec<Revocation>),
}

const ODD: (ErrorKind, &str) = (ErrorKind::UnexpectedReturnType, "not every stream was read");

#[async_trait]
impl RevocationFeed for RedisFeed {
    async fn read(&self, cursor: Option<&str>, wait: Duration) -> Result<FeedPage, StoreError> {
        let mut slot = self.reader.lock().await;
        let mut after = positions(cursor, self.streams.len());
        let mut reader = match self.reader(slot.take(), wait).await.map_err(StoreError::new)? {
            Next::Pushed(reader, revocations) => {
                *slot = Some(reader);
                return Ok(FeedPage::new(revocations, cursor.map(str::to_owned), false));
            }
            Next::Read(reader, is_new) => {
                if is_new {
                    after = after.iter().map(|id| rewound(id)).collect();
                }
                reader
            }
        };

        let reads = self.read_streams(&reader.link, &after).await;
        let streams = reads.len();
        let (mut page, failures) = collect(reads, &mut after);
        let is_behind = !page.up_to_date;
        if let Some(error) = failures.first() {
            // A caller that does not wait must have read everything before it continues.
            if wait.is_zero() || failures.len() == streams {
                return Err(StoreError::new(error.clone()));
            }
            if !reader.failing {
                log::warn!("jwt-auth: revocations cannot be read from a part of the cluster: {error}");
            }
            page.up_to_date = false;
        } else if reader.failing {
            log::warn!("jwt-auth: revocations can be read from the whole cluster again");
        }
        // The reader is put back only now, so that a connection that failed, or was dropped during a read, is not used
        // again.
        reader.failing = !failures.is_empty();
        reader.behind = is_behind;
        reader.read_at = Instant::now();
        *slot = Some(reader);
        page.cursor = Some(after.join(" "));
        Ok(page)
    }
}

impl Reader {
    /// Returns what was pushed before the next read of the streams is due.
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

/// Collects what was read from each stream, and the failures. Advances `after` where something was read.
fn collect(reads: Vec<RedisResult<Entries>>, after: &mut [String]) -> (FeedPage, Vec<RedisError>) {
    let mut page = FeedPage::new(Vec::new(), None, true);
    let mut failures = Vec::new();
    for (after, read) in after.iter_mut().zip(reads) {
        match read {
            Ok((entries, has_more)) => {
                if let Some((id, _)) = entries.last() {
                    after.clone_from(id);
                }
                page.up_to_date &= !has_more;
                page.revocations.extend(entries.iter().flat_map(|(_, entry)| revocations(entry)));
            }
            Err(error) => failures.push(error),
        }
    }
    (page, failures)
}

/// Decodes a pushed message.
fn message(push: PushInfo) -> Vec<Revocation> {
    match (push.kind, push.data.into_iter().nth(1)) {
        (PushKind::Message, Some(Value::BulkString(entry))) => revocations(&entry),
        _ => Vec::new(),
    }
}

/// Returns the position in each stream from which to continue.
fn positions(cursor: Option<&str>, streams: usize) -> Vec<String> {
    let positions: Vec<String> = cursor.unwrap_or_default().split(' ').map(str::to_owned).collect();
    if positions.len() == streams { positions } else { vec![BEGINNING.to_owned(); streams] }
}

/// Returns a position one minute before an id. After a failover, the new master assigns ids by its own clock, which may
/// be behind the clock of the old one.
fn rewound(id: &str) -> String {
    const BACK: u64 = 60_000;
    if id == BEGINNING {
        return id.to_owned();
    }
    let millis = id.split('-').next().and_then(|millis| millis.parse().ok()).unwrap_or(0_u64);
    format!("{}-0", millis.saturating_sub(BACK))
}

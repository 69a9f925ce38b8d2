//! The connection that all requests share. It is replaced when it breaks.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use redis::{Cmd, ErrorKind, FromRedisValue, RedisError, RedisResult, ServerErrorKind};
use rocket::futures::FutureExt;
use rocket::futures::future::{BoxFuture, Shared};

use super::keys::Keys;
use super::link::Link;
use super::permissions::{denial, denied_by, lacking};
use super::script::{Call, Command};
use super::topology::{Pushes, Topology};
use crate::error::{StartupError, StoreError};

const NO_CONNECTION: &str = "cannot connect to the Redis server in the setting `redis`";

const UNFIT: &str = "this Redis server cannot store sessions: it must be version 7.0 or later, must not be a replica, and \
                     must let this user write";

/// The command without which revocations arrive later. The others are necessary.
const PUBLISH: &str = "PUBLISH";

/// A connection to Redis that all requests share.
pub(crate) struct Connection {
    topology: Arc<Topology>,
    current: RwLock<Attempt>,
    /// Whether a new link to the cluster is being established while this one stays in use.
    renewing: AtomicBool,
}

/// A link, or an attempt to establish one. All requests that need it wait for the same attempt.
type Attempt = Shared<BoxFuture<'static, RedisResult<Link>>>;

impl Connection {
    /// Connects, and checks with the script `probe` that this server can store sessions.
    pub(super) async fn open(
        topology: Arc<Topology>,
        probe: &Call<'_>,
        keys: &Keys,
    ) -> Result<Arc<Self>, StartupError> {
        let failed = |what: &str, error| failure(what, error, &keys.pattern(), &topology);
        let first = attempt(&topology, topology.patience());
        let mut link = first.clone().await.map_err(|error| failed(NO_CONNECTION, error))?;
        if link.is_cluster() {
            // The client needs these when nodes are added and when slots move.
            answers(&mut link, keys, &["PING"]).await.map_err(|error| failed(UNFIT, error))?;
            answers(&mut link, keys, &["ASKING"]).await.map_err(|error| failed(UNFIT, error))?;
        }
        let mut denied = denied_by(&mut link, probe).await.map_err(|error| failed(UNFIT, error))?;
        let publishes = !denied.iter().any(|name| name == PUBLISH);
        denied.retain(|name| name != PUBLISH);
        if !denied.is_empty() {
            return Err(lacking(&denied, &topology));
        }
        if !publishes {
            log::warn!(
                "jwt-auth: Redis does not let the user `{user}` run `{PUBLISH}` on `{channel}`, so revocations arrive at \
                 other processes up to a second late: grant this with `ACL SETUSER {user} +publish &{channel}`",
                user = topology.user(),
                channel = keys.channel
            );
        }
        warn_of_eviction(link, &topology).await;
        Ok(Arc::new(Self { topology, current: RwLock::new(first), renewing: AtomicBool::new(false) }))
    }

    /// Checks with a script that the user may run the commands of another part of the app.
    pub(crate) async fn require(self: &Arc<Self>, probe: &Call<'_>, keys: &str) -> Result<(), StartupError> {
        let (_, mut link) = self.link().await.map_err(|error| self.unfit(error, keys))?;
        match denied_by(&mut link, probe).await {
            Ok(denied) if denied.is_empty() => Ok(()),
            Ok(denied) => Err(lacking(&denied, &self.topology)),
            Err(error) => Err(self.unfit(error, keys)),
        }
    }

    /// Checks that the user may run `WAIT`, which the setting `wait_replicas` needs.
    pub(super) async fn require_wait(self: &Arc<Self>, keys: &Keys) -> Result<(), StartupError> {
        let ask = async {
            let (used, mut link) = self.link().await?;
            used.judge(answers(&mut link, keys, &["WAIT", "0", "1"]).await)
        };
        ask.await.map_err(|error| self.unfit(error, &keys.pattern()))
    }

    fn unfit(&self, error: RedisError, keys: &str) -> StartupError {
        failure(UNFIT, error, keys, &self.topology)
    }

    /// Runs a command. If the connection was lost, runs the command once more on a new connection, because every
    /// operation of the store can be repeated.
    pub(crate) async fn run<T: FromRedisValue>(
        self: &Arc<Self>,
        command: &Command<'_>,
    ) -> Result<T, StoreError> {
        self.with_link(|mut link| async move { command.send(&mut link).await }).await
    }

    /// Uses the link. If the connection was lost, tries once more with a new one.
    pub(super) async fn with_link<T, F: Future<Output = RedisResult<T>>>(
        self: &Arc<Self>,
        ask: impl Fn(Link) -> F,
    ) -> Result<T, StoreError> {
        let (used, link) = self.link().await.map_err(StoreError::new)?;
        match used.judge(ask(link).await) {
            Err(error) if error.is_connection_dropped() => {}
            answer => return answer.map_err(StoreError::new),
        }
        let (used, link) = self.link().await.map_err(StoreError::new)?;
        used.judge(ask(link).await).map_err(StoreError::new)
    }

    /// Returns whether this is a connection to a cluster.
    pub(super) fn is_cluster(&self) -> bool {
        self.topology.is_cluster()
    }

    /// Opens a separate connection for pushed messages.
    pub(super) async fn dedicated(&self, pushes: Pushes) -> RedisResult<Link> {
        self.topology.connect(Some(pushes), self.topology.patience()).await
    }

    /// Returns the current link, or a new one.
    async fn link(self: &Arc<Self>) -> RedisResult<(Used, Link)> {
        let first = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        let (attempt, link) = match first.clone().await {
            Ok(link) => (first, link),
            // It may have failed before this request started.
            Err(_) => {
                let next = self.replace(&first);
                let link = next.clone().await?;
                (next, link)
            }
        };
        Ok((Used { of: Arc::clone(self), attempt, spent: true }, link))
    }

    /// Replaces a broken attempt with a new one. If many requests find it broken, only the first of them does so.
    fn replace(&self, spent: &Attempt) -> Attempt {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.ptr_eq(spent) {
            *current = attempt(&self.topology, self.topology.patience_of_requests());
        }
        current.clone()
    }

    /// Establishes another link to the cluster, which replaces this one once it is connected. Until then, this link
    /// serves the nodes that still answer.
    fn renew(self: &Arc<Self>, spent: &Attempt) {
        let is_current = self.current.read().unwrap_or_else(PoisonError::into_inner).ptr_eq(spent);
        if !is_current || self.renewing.swap(true, Ordering::AcqRel) {
            return;
        }
        let connection = Arc::clone(self);
        rocket::tokio::spawn(async move {
            let fresh = attempt(&connection.topology, connection.topology.patience());
            if fresh.clone().await.is_ok() {
                *connection.current.write().unwrap_or_else(PoisonError::into_inner) = fresh;
            }
            connection.renewing.store(false, Ordering::Release);
        });
    }
}

/// Starts connecting. The attempt continues even if its request no longer waits for it.
fn attempt(topology: &Arc<Topology>, limit: Duration) -> Attempt {
    let topology = Arc::clone(topology);
    let connecting = rocket::tokio::spawn(async move { topology.connect(None, limit).await });
    async move { connecting.await.unwrap_or_else(|_| Err((ErrorKind::Client, "connecting was canceled").into())) }
        .boxed()
        .shared()
}

/// Returns the error that stops the launch. It names what to grant if the server denied a command or a key.
fn failure(what: &str, error: RedisError, keys: &str, topology: &Topology) -> StartupError {
    denial(&error, keys, topology).unwrap_or_else(|| StartupError::Store {
        what: format!("{what} ({})", topology.address()),
        source: StoreError::new(error),
    })
}

/// Checks that a server answers a command without keys.
async fn answers(link: &mut Link, keys: &Keys, command: &[&str]) -> RedisResult<()> {
    let mut alone = Cmd::new();
    alone.arg(command);
    let mut pipeline = redis::pipe();
    pipeline.add_command(alone);
    let answers = link.pipeline(&keys.probe(), &pipeline).await?;
    answers.into_iter().try_for_each(|answer| answer.extract_error().map(drop))
}

/// Logs a warning if a server may evict sessions when its memory is full. A server that does not reveal its settings is
/// accepted.
async fn warn_of_eviction(mut link: Link, topology: &Topology) {
    let policies = link.setting("maxmemory-policy").await.unwrap_or_else(|error| {
        let is_denied = error.kind() == ErrorKind::Server(ServerErrorKind::NoPerm);
        log::log!(
            if is_denied { log::Level::Info } else { log::Level::Debug },
            "jwt-auth: Redis does not let the user `{user}` run `CONFIG GET`, so it is not known whether it may evict \
             sessions: grant this with `ACL SETUSER {user} +config|get` ({error})",
            user = topology.user()
        );
        BTreeSet::new()
    });
    for policy in policies.iter().filter(|policy| *policy != "noeviction") {
        log::warn!(
            "jwt-auth: Redis has `maxmemory-policy {policy}`, so it may evict sessions and revocations when its memory is \
             full. Set `maxmemory-policy noeviction`"
        );
    }
}

/// The link that one command uses. Dropping this without an answer replaces the link, because a command that times out
/// is dropped while it waits.
struct Used {
    of: Arc<Connection>,
    attempt: Attempt,
    spent: bool,
}

impl Used {
    /// Releases the link, which stays in use unless the answer shows that it is broken.
    fn judge<T>(mut self, answer: RedisResult<T>) -> RedisResult<T> {
        self.spent = answer.as_ref().is_err_and(is_spent);
        answer
    }
}

impl Drop for Used {
    fn drop(&mut self) {
        if !self.spent {
            return;
        }
        if self.of.topology.is_cluster() {
            self.of.renew(&self.attempt);
        } else {
            // The new attempt continues in the background, for the next request.
            drop(self.of.replace(&self.attempt));
        }
    }
}

/// Returns whether the link must be replaced: it leads to a former master that is now a replica, or to a server that
/// does not answer.
fn is_spent(error: &RedisError) -> bool {
    error.is_connection_dropped()
        || error.is_timeout()
        || error.kind() == ErrorKind::Server(ServerErrorKind::ReadOnly)
}

//! The connection that all requests share. It is replaced when it breaks.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use redis::{ErrorKind, FromRedisValue, RedisError, RedisResult, ServerErrorKind};
use rocket::futures::FutureExt;
use rocket::futures::future::{BoxFuture, Shared};

use super::link::Link;
use super::script::Command;
use super::topology::{Pushes, Topology};
use crate::error::{StartupError, StoreError};

const NO_CONNECTION: &str = "cannot connect to the Redis server in the setting `redis`";

const UNFIT: &str = "this Redis server cannot store sessions: it must be version 7.0 or later, must not be a replica, and \
                     must let this user write";

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
    /// Connects, and checks with the command `probe` that this server can store sessions.
    pub(super) async fn open(
        topology: Arc<Topology>,
        probe: &Command<'_>,
    ) -> Result<Arc<Self>, StartupError> {
        let failed = |what: &str, error| StartupError::Store {
            what: format!("{what} ({})", topology.address()),
            source: StoreError::new(error),
        };
        let first = attempt(&topology, topology.patience());
        let mut link = first.clone().await.map_err(|error| failed(NO_CONNECTION, error))?;
        let probed: RedisResult<i64> = probe.send(&mut link).await;
        probed.map_err(|error| failed(UNFIT, error))?;
        warn_of_eviction(link).await;
        Ok(Arc::new(Self { topology, current: RwLock::new(first), renewing: AtomicBool::new(false) }))
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

/// Logs a warning if a server may evict sessions when its memory is full. A server that does not reveal its settings is
/// accepted.
async fn warn_of_eviction(mut link: Link) {
    let policies = link.setting("maxmemory-policy").await.unwrap_or_default();
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

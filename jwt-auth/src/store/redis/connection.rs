//! One connection that all requests share, replaced when it breaks.

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

const NO_CONNECTION: &str =
    "no connection to the Redis that `redis` in [default.jwt_auth], REDIS_URL or REDIS_HOST names";

const UNFIT: &str = "this Redis cannot keep sessions: it must be version 7.0 or later, not a replica, and let this user write";

/// A connection to Redis that all requests share.
pub(crate) struct Connection {
    topology: Arc<Topology>,
    current: RwLock<Attempt>,
    /// Whether a new link to the cluster is being made while this one stays in use.
    renewing: AtomicBool,
}

/// A link, or one that is being made. All requests that need it wait for the same one.
type Attempt = Shared<BoxFuture<'static, RedisResult<Link>>>;

impl Connection {
    /// Connects, and checks with the command `probe` that this Redis can keep sessions.
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

    /// Runs a command. If the connection was lost, runs it once more on a new one: every operation of the store can be
    /// repeated.
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

    /// Whether it leads to a cluster.
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

    /// Starts another attempt in place of this one. Of the many requests that find it broken, one does.
    fn replace(&self, spent: &Attempt) -> Attempt {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.ptr_eq(spent) {
            *current = attempt(&self.topology, self.topology.patience_of_requests());
        }
        current.clone()
    }

    /// Makes another link to the cluster, which replaces this one once it is connected. Until then, this one serves the
    /// nodes that answer.
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

/// Starts to connect. The attempt continues even if its request no longer waits.
fn attempt(topology: &Arc<Topology>, limit: Duration) -> Attempt {
    let topology = Arc::clone(topology);
    let connecting = rocket::tokio::spawn(async move { topology.connect(None, limit).await });
    async move { connecting.await.unwrap_or_else(|_| Err((ErrorKind::Client, "connecting was cancelled").into())) }
        .boxed()
        .shared()
}

/// Warns if a server evicts sessions when it is full. A server that does not reveal its settings is accepted.
async fn warn_of_eviction(mut link: Link) {
    let policies = link.setting("maxmemory-policy").await.unwrap_or_default();
    for policy in policies.iter().filter(|policy| *policy != "noeviction") {
        log::warn!(
            "jwt-auth: this Redis has `maxmemory-policy {policy}`, so it evicts sessions and revocations when it is \
             full. Set `maxmemory-policy noeviction`"
        );
    }
}

/// The link of one command. It is replaced when this is dropped without an answer: a command that times out is dropped
/// while it waits.
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
            // The attempt continues on its own for the next request.
            drop(self.of.replace(&self.attempt));
        }
    }
}

/// Whether the link is of no use: it leads to a replica that was the master, or to a server that does not answer.
fn is_spent(error: &RedisError) -> bool {
    error.is_connection_dropped()
        || error.is_timeout()
        || error.kind() == ErrorKind::Server(ServerErrorKind::ReadOnly)
}

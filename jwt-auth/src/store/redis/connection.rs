//! One connection that all requests share, replaced when it is of no more use.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use redis::{Cmd, ErrorKind, FromRedisValue, RedisError, RedisResult, ServerErrorKind};
use rocket::futures::FutureExt;
use rocket::futures::future::{BoxFuture, Shared};

use super::link::Link;
use super::script::Call;
use super::topology::{Pushes, Topology};
use crate::error::{StartupError, StoreError};

const NO_CONNECTION: &str =
    "no connection to the Redis that `redis` in [default.jwt_auth], REDIS_URL or REDIS_HOST names";

const UNFIT: &str =
    "the Redis there cannot keep sessions: it must be 7.0 or later, not a replica, and let this user write";

/// A connection to Redis that all requests share.
pub(super) struct Connection {
    topology: Arc<Topology>,
    current: RwLock<Attempt>,
    /// Whether another link to the cluster is being made, while this one goes on.
    renewing: AtomicBool,
}

/// A link, or one that is being made. All who need it wait for the same one.
type Attempt = Shared<BoxFuture<'static, RedisResult<Link>>>;

impl Connection {
    /// Connects, and sees by the command `probe` that what is there can keep sessions.
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

    /// Runs a command. When the connection turns out to be gone it is run once more on a new one:
    /// every operation of the store can be done twice.
    pub(super) async fn run<T: FromRedisValue>(
        self: &Arc<Self>,
        command: &Command<'_>,
    ) -> Result<T, StoreError> {
        self.with_link(|mut link| async move { command.send(&mut link).await }).await
    }

    /// Does something with the link, and once more with a new one if it turns out to be gone.
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

    /// A connection of its own, for what is pushed.
    pub(super) async fn dedicated(&self, pushes: Pushes) -> RedisResult<Link> {
        self.topology.connect(Some(pushes), self.topology.patience()).await
    }

    /// The link that stands, or a new one.
    async fn link(self: &Arc<Self>) -> RedisResult<(Used, Link)> {
        let first = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        let (attempt, link) = match first.clone().await {
            Ok(link) => (first, link),
            // It may have failed before this request was there.
            Err(_) => {
                let next = self.replace(&first);
                let link = next.clone().await?;
                (next, link)
            }
        };
        Ok((Used { of: Arc::clone(self), attempt, spent: true }, link))
    }

    /// Begins another attempt in place of this one. Of the many requests that find it of no use, one
    /// does.
    fn replace(&self, spent: &Attempt) -> Attempt {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.ptr_eq(spent) {
            *current = attempt(&self.topology, self.topology.patience_of_requests());
        }
        current.clone()
    }

    /// Makes another link to the cluster, and puts it in place of this one when it stands: until then,
    /// and if it never does, the nodes that answer are asked by this one.
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

/// Begins to connect. That goes on, even if whoever wanted it no longer waits.
fn attempt(topology: &Arc<Topology>, limit: Duration) -> Attempt {
    let topology = Arc::clone(topology);
    let connecting = rocket::tokio::spawn(async move { topology.connect(None, limit).await });
    async move { connecting.await.unwrap_or_else(|_| Err((ErrorKind::Client, "connecting was cut off").into())) }
        .boxed()
        .shared()
}

/// Says so when a server would rather drop sessions than refuse a login. One that does not let its
/// settings be read is taken as it is.
async fn warn_of_eviction(mut link: Link) {
    let policies = link.setting("maxmemory-policy").await.unwrap_or_default();
    for policy in policies.iter().filter(|policy| *policy != "noeviction") {
        log::warn!(
            "jwt-auth: the Redis has `maxmemory-policy {policy}`: when it is full it drops sessions, and \
             revocations with them. Set `maxmemory-policy noeviction`"
        );
    }
}

/// The link of one command. It is replaced when this is dropped, unless an answer came: the limit around
/// a call of the store may run out first, and drop a command that waits.
struct Used {
    of: Arc<Connection>,
    attempt: Attempt,
    spent: bool,
}

impl Used {
    /// Lets go of the link, which stays unless the answer speaks against it.
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
            // It goes on by itself, for the next to find.
            drop(self.of.replace(&self.attempt));
        }
    }
}

/// What can be asked in one round trip.
pub(super) enum Command<'a> {
    Script(&'a Call<'a>),
    Single(Cmd),
}

impl Command<'_> {
    pub(super) async fn send<T: FromRedisValue>(&self, link: &mut Link) -> RedisResult<T> {
        match self {
            // Not SCRIPT LOAD: it is one more step, and in a cluster it asks every node.
            Self::Script(call) => match call.evalsha().query_async(link).await {
                Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                    call.eval().query_async(link).await
                }
                answer => answer,
            },
            Self::Single(command) => command.query_async(link).await,
        }
    }
}

/// Whether the link stands and leads nowhere: to a replica that was the master, or to a server that does
/// not answer.
fn is_spent(error: &RedisError) -> bool {
    error.is_connection_dropped()
        || error.is_timeout()
        || error.kind() == ErrorKind::Server(ServerErrorKind::ReadOnly)
}

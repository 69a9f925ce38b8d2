//! One multiplexed connection, replaced when it is of no more use.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig, MultiplexedConnection};
use redis::{
    AsyncConnectionConfig, Client, Cmd, ErrorKind, FromRedisValue, RedisError, RedisResult, ScriptInvocation,
    ServerErrorKind,
};

use crate::error::{StartupError, StoreError};

/// How long the first connection may take: a launch can wait longer than a request.
const FIRST: Duration = Duration::from_secs(5);

const NO_CONNECTION: &str =
    "no connection to the Redis that `redis` in [default.jwt_auth], REDIS_URL or REDIS_HOST names";

const UNFIT: &str =
    "the Redis there cannot keep sessions: it must be 7.0 or later, not a replica, and let this user write";

/// A connection to Redis that all requests share.
pub(super) struct Connection {
    client: Client,
    config: ConnectionManagerConfig,
    current: RwLock<Arc<ConnectionManager>>,
}

impl Connection {
    /// Connects, and sees by the command `probe` that what is there can keep sessions.
    pub(super) async fn open(
        url: &str,
        probe: &Command<'_>,
        timeout: Duration,
    ) -> Result<Self, StartupError> {
        if url.starts_with("rediss:") {
            // Does nothing when the app has chosen one.
            let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        }
        let client = Client::open(url).map_err(|error| {
            let problem = format!("is not a URL of a Redis: {error}");
            StartupError::setting("jwt_auth.redis", problem, "redis = \"redis://:password@127.0.0.1:6379/0\"")
        })?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(timeout))
            .set_response_timeout(Some(timeout))
            // A request does not wait for one attempt after the other: the next one tries again.
            .set_number_of_retries(0);

        let address = client.get_connection_info().addr().to_string();
        let failed = |what: &str, source| StartupError::Store { what: format!("{what} ({address})"), source };
        let connect = ConnectionManager::new_with_config(client.clone(), config.clone());
        let manager = match tokio::time::timeout(FIRST, connect).await {
            Ok(Ok(manager)) => manager,
            Ok(Err(error)) => return Err(failed(NO_CONNECTION, StoreError::new(error))),
            Err(_) => return Err(failed(NO_CONNECTION, StoreError::TimedOut(FIRST))),
        };
        let probed: RedisResult<i64> = probe.send(manager.clone()).await;
        probed.map_err(|error| failed(UNFIT, StoreError::new(error)))?;
        warn_of_eviction(manager.clone()).await;
        Ok(Self { client, config, current: RwLock::new(Arc::new(manager)) })
    }

    /// Runs a command. When the connection turns out to be gone it is run once more on a new one:
    /// every operation of the store can be done twice.
    pub(super) async fn run<T: FromRedisValue>(&self, command: &Command<'_>) -> Result<T, StoreError> {
        let mut used = Used { of: self, manager: Some(self.current()) };
        let answer = match command.send(used.manager()).await {
            Err(error) if error.is_connection_dropped() => command.send(used.manager()).await,
            first => first,
        };
        if !answer.as_ref().is_err_and(is_spent) {
            used.manager = None;
        }
        answer.map_err(StoreError::new)
    }

    /// A connection for reads that wait: it knows no limit of its own.
    pub(super) async fn dedicated(&self) -> RedisResult<MultiplexedConnection> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(self.config.connection_timeout())
            .set_response_timeout(None);
        self.client.get_multiplexed_async_connection_with_config(&config).await
    }

    fn current(&self) -> Arc<ConnectionManager> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a new connection in place of this one, to be made when it is first used. Of the many
    /// requests that find it of no use, one does.
    fn replace(&self, spent: &Arc<ConnectionManager>) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&current, spent) {
            return;
        }
        if let Ok(fresh) = ConnectionManager::new_lazy_with_config(self.client.clone(), self.config.clone()) {
            *current = Arc::new(fresh);
        }
    }
}

/// Says so when the server would rather drop sessions than refuse a login. One that does not let its
/// settings be read is taken as it is.
async fn warn_of_eviction(mut manager: ConnectionManager) {
    let policy: RedisResult<HashMap<String, String>> =
        redis::cmd("CONFIG").arg("GET").arg("maxmemory-policy").query_async(&mut manager).await;
    let policy = policy.unwrap_or_default().remove("maxmemory-policy");
    if let Some(policy) = policy.filter(|policy| policy != "noeviction") {
        log::warn!(
            "jwt-auth: the Redis has `maxmemory-policy {policy}`: when it is full it drops sessions, and \
             revocations with them. Set `maxmemory-policy noeviction`"
        );
    }
}

/// The connection of one command. It is replaced when this is dropped, unless an answer came: the limit
/// around a call of the store may run out first, and drop a command that waits.
struct Used<'a> {
    of: &'a Connection,
    manager: Option<Arc<ConnectionManager>>,
}

impl Used<'_> {
    fn manager(&self) -> ConnectionManager {
        self.manager.as_deref().expect("it is there until an answer came").clone()
    }
}

impl Drop for Used<'_> {
    fn drop(&mut self) {
        if let Some(manager) = &self.manager {
            self.of.replace(manager);
        }
    }
}

/// What can be asked in one round trip.
pub(super) enum Command<'a> {
    Script(ScriptInvocation<'a>),
    Single(Cmd),
}

impl Command<'_> {
    async fn send<T: FromRedisValue>(&self, mut connection: ConnectionManager) -> RedisResult<T> {
        match self {
            Self::Script(script) => script.invoke_async(&mut connection).await,
            Self::Single(command) => command.query_async(&mut connection).await,
        }
    }
}

/// Whether the connection stands and leads nowhere: to a replica that was the master, or to a server
/// that does not answer. The connection manager keeps those.
fn is_spent(error: &RedisError) -> bool {
    error.is_timeout() || error.kind() == ErrorKind::Server(ServerErrorKind::ReadOnly)
}

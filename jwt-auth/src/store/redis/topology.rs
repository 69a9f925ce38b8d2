//! Establishes a [`Link`] to each type of Redis deployment.

use std::time::Duration;

#[cfg(feature = "cluster")]
use redis::cluster::ClusterClientBuilder;
use redis::{
    AsyncConnectionConfig, Client, ConnectionInfo, ErrorKind, IntoConnectionInfo, ProtocolVersion, PushInfo,
    RedisError, RedisResult,
};
#[cfg(feature = "sentinel")]
use redis::{
    RedisConnectionInfo, TlsMode,
    sentinel::{SentinelClient, SentinelNodeConnectionInfo, SentinelServerType},
};
#[cfg(feature = "sentinel")]
use rocket::tokio::sync::Mutex;
use rocket::tokio::sync::mpsc::UnboundedSender;

use super::link::Link;
use super::servers::RedisServers;
use crate::config::redis_url_problem;
use crate::error::StartupError;

/// The sender that pushed messages go to.
pub(super) type Pushes = UnboundedSender<PushInfo>;

/// The servers, and how to reach them.
pub(super) struct Topology {
    servers: Servers,
    /// The time limit for one answer, and for connecting to one server.
    timeout: Duration,
}

enum Servers {
    Single(Box<Client>),
    #[cfg(feature = "cluster")]
    Cluster(Vec<ConnectionInfo>),
    #[cfg(feature = "sentinel")]
    Sentinel {
        client: Box<Mutex<SentinelClient>>,
        database: u16,
        username: Option<String>,
        name: String,
    },
}

impl Topology {
    /// Parses the URLs of the servers.
    ///
    /// # Errors
    ///
    /// Returns an error if a URL is invalid.
    pub(super) fn new(servers: &RedisServers, timeout: Duration) -> Result<Self, StartupError> {
        let servers = match servers {
            RedisServers::Single(url) => Servers::Single(Box::new(Client::open(info(url)?).map_err(wrong)?)),
            #[cfg(feature = "cluster")]
            RedisServers::Cluster(urls) => {
                Servers::Cluster(urls.iter().map(|url| info(url)).collect::<Result<_, _>>()?)
            }
            #[cfg(feature = "sentinel")]
            RedisServers::Sentinel(sentinel) => {
                let sentinels =
                    sentinel.sentinels.iter().map(|url| info(url)).collect::<Result<Vec<_>, _>>()?;
                let addresses: Vec<String> = sentinels.iter().map(|info| info.addr().to_string()).collect();
                let mut login = RedisConnectionInfo::default()
                    .set_protocol(ProtocolVersion::RESP3)
                    .set_db(sentinel.database.into());
                if let Some(username) = &sentinel.username {
                    login = login.set_username(username);
                }
                if let Some(password) = &sentinel.password {
                    login = login.set_password(password);
                }
                let mut master = SentinelNodeConnectionInfo::default().set_redis_connection_info(login);
                if sentinel.tls {
                    install_crypto();
                    master = master.set_tls_mode(TlsMode::Secure);
                }
                let client = SentinelClient::build(
                    sentinels,
                    sentinel.master.as_str(),
                    Some(master),
                    SentinelServerType::Master,
                );
                Servers::Sentinel {
                    client: Box::new(Mutex::new(client.map_err(wrong)?)),
                    database: sentinel.database,
                    username: sentinel.username.clone(),
                    name: format!(
                        "the master `{}` of the sentinels {}",
                        sentinel.master,
                        addresses.join(", ")
                    ),
                }
            }
        };
        Ok(Self { servers, timeout })
    }

    /// Returns how long connecting may take.
    pub(super) fn patience(&self) -> Duration {
        match &self.servers {
            Servers::Single(_) => self.timeout,
            // The client first discovers the nodes, and then connects to each of them.
            #[cfg(feature = "cluster")]
            Servers::Cluster(_) => self.timeout * 4,
            // The client tries the sentinels in order, for one second each.
            #[cfg(feature = "sentinel")]
            Servers::Sentinel { .. } => (self.timeout * 4).max(Duration::from_secs(3)),
        }
    }

    /// Returns how long connecting may take while requests wait. For a single server, this is half of
    /// [`patience`](Self::patience), so that a request that joined a failing attempt has as much time left for the next
    /// one.
    pub(super) fn patience_of_requests(&self) -> Duration {
        match &self.servers {
            Servers::Single(_) => self.patience() / 2,
            #[allow(unreachable_patterns, reason = "features add variants")]
            _ => self.patience(),
        }
    }

    /// Connects. Pushed messages go to `pushes`.
    pub(super) async fn connect(&self, pushes: Option<Pushes>, limit: Duration) -> RedisResult<Link> {
        match tokio::time::timeout(limit, self.connect_to_each(pushes)).await {
            Ok(link) => link,
            Err(_) => Err(RedisError::from((ErrorKind::Io, "the connection timed out"))),
        }
    }

    async fn connect_to_each(&self, pushes: Option<Pushes>) -> RedisResult<Link> {
        match &self.servers {
            Servers::Single(client) => client
                .get_multiplexed_async_connection_with_config(&self.config(pushes))
                .await
                .map(Link::Single),
            #[cfg(feature = "cluster")]
            Servers::Cluster(nodes) => {
                let mut builder = ClusterClientBuilder::new(nodes.clone())
                    .use_protocol(ProtocolVersion::RESP3)
                    // All requests wait while the client asks one node for the slots. If that node hangs, there must be
                    // enough time left to ask another one.
                    .connection_timeout(self.timeout / 3)
                    .response_timeout(self.timeout / 3)
                    .overall_response_timeout(Some(self.timeout))
                    // Enough to follow a slot that moved, and fast enough for the timeout.
                    .retries(4)
                    .min_retry_wait(10)
                    .max_retry_wait(100);
                if let Some(pushes) = pushes {
                    builder = builder.push_sender(pushes);
                }
                builder.build()?.get_async_connection().await.map(Link::Cluster)
            }
            #[cfg(feature = "sentinel")]
            Servers::Sentinel { client, .. } => {
                let config = self.config(pushes);
                let connection = client.lock().await.get_async_connection_with_config(&config).await;
                connection.map(Link::Single)
            }
        }
    }

    /// Returns whether the servers are a cluster, in which some nodes may work while others do not.
    pub(super) fn is_cluster(&self) -> bool {
        match self.servers {
            #[cfg(feature = "cluster")]
            Servers::Cluster(_) => true,
            _ => false,
        }
    }

    /// Returns the number of the database.
    pub(super) fn database(&self) -> i64 {
        match &self.servers {
            Servers::Single(client) => client.get_connection_info().redis_settings().db(),
            // A cluster has only one database.
            #[cfg(feature = "cluster")]
            Servers::Cluster(_) => 0,
            #[cfg(feature = "sentinel")]
            Servers::Sentinel { database, .. } => (*database).into(),
        }
    }

    /// Returns the name of the Redis user, for error messages.
    pub(super) fn user(&self) -> &str {
        let user = match &self.servers {
            Servers::Single(client) => client.get_connection_info().redis_settings().username(),
            #[cfg(feature = "cluster")]
            Servers::Cluster(nodes) => nodes.first().and_then(|node| node.redis_settings().username()),
            #[cfg(feature = "sentinel")]
            Servers::Sentinel { username, .. } => username.as_deref(),
        };
        user.unwrap_or("default")
    }

    /// Returns the addresses for error messages, without passwords.
    pub(super) fn address(&self) -> String {
        match &self.servers {
            Servers::Single(client) => client.get_connection_info().addr().to_string(),
            #[cfg(feature = "cluster")]
            Servers::Cluster(nodes) => {
                let nodes: Vec<String> = nodes.iter().map(|node| node.addr().to_string()).collect();
                format!("the cluster of {}", nodes.join(", "))
            }
            #[cfg(feature = "sentinel")]
            Servers::Sentinel { name, .. } => name.clone(),
        }
    }

    fn config(&self, pushes: Option<Pushes>) -> AsyncConnectionConfig {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.timeout))
            .set_response_timeout(Some(self.timeout));
        match pushes {
            Some(pushes) => config.set_push_sender(pushes),
            None => config,
        }
    }
}

/// Parses a URL, and selects RESP3, which pushed messages need.
fn info(url: &str) -> Result<ConnectionInfo, StartupError> {
    if let Some(problem) = redis_url_problem(url) {
        return Err(StartupError::setting("jwt_auth.redis", problem, EXAMPLE));
    }
    if url.starts_with("rediss:") {
        install_crypto();
    }
    let info = url.into_connection_info().map_err(wrong)?;
    let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
    Ok(info.set_redis_settings(settings))
}

/// Installs the crypto provider for TLS, unless the app has chosen one.
fn install_crypto() {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

fn wrong(error: RedisError) -> StartupError {
    let problem = format!("is not a valid Redis URL: {error}");
    StartupError::setting("jwt_auth.redis", problem, EXAMPLE)
}

const EXAMPLE: &str = "redis = \"redis://:password@127.0.0.1:6379/0\"";

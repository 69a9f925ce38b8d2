//! Redis servers: a single server, a cluster, or a master that Sentinel monitors.

use std::fmt;

/// The servers of a [`RedisStore`](super::RedisStore).
///
/// URLs have the form `redis://user:password@host:port/database` or, with TLS, `rediss://…`. `Debug` shows no URLs,
/// because they contain passwords.
#[derive(Clone)]
#[non_exhaustive]
pub enum RedisServers {
    /// A single server, by its URL.
    Single(String),
    /// A Redis Cluster, by the URLs of some of its nodes. The client discovers the other nodes through them.
    #[cfg(feature = "cluster")]
    Cluster(Vec<String>),
    /// The master that Redis Sentinel reports.
    #[cfg(feature = "sentinel")]
    Sentinel(RedisSentinel),
}

/// A master that Redis Sentinel monitors.
#[cfg(feature = "sentinel")]
#[derive(Clone)]
#[non_exhaustive]
pub struct RedisSentinel {
    /// The URLs of the sentinels.
    pub sentinels: Vec<String>,
    /// The name of the master.
    pub master: String,
    /// The user name for the master.
    pub username: Option<String>,
    /// The password for the master.
    pub password: Option<String>,
    /// The database of the master.
    pub database: u16,
    /// Whether the master uses TLS.
    pub tls: bool,
}

#[cfg(feature = "sentinel")]
impl RedisSentinel {
    /// Creates a master with this name and database 0, without a user name, a password or TLS.
    pub fn new(sentinels: impl IntoIterator<Item = String>, master: impl Into<String>) -> Self {
        Self {
            sentinels: sentinels.into_iter().collect(),
            master: master.into(),
            username: None,
            password: None,
            database: 0,
            tls: false,
        }
    }
}

impl From<String> for RedisServers {
    fn from(url: String) -> Self {
        Self::Single(url)
    }
}

impl From<&str> for RedisServers {
    fn from(url: &str) -> Self {
        Self::Single(url.to_owned())
    }
}

impl From<&String> for RedisServers {
    fn from(url: &String) -> Self {
        Self::Single(url.clone())
    }
}

/// Shows only the variant, since URLs contain passwords.
impl fmt::Debug for RedisServers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Single(_) => "Single(…)",
            #[cfg(feature = "cluster")]
            Self::Cluster(_) => "Cluster(…)",
            #[cfg(feature = "sentinel")]
            Self::Sentinel(_) => "Sentinel(…)",
        })
    }
}

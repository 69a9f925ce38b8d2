//! Which Redis: one server, a cluster, or one that sentinels watch over.

use std::fmt;

/// Where a [`RedisStore`](super::RedisStore) finds its Redis.
///
/// URLs are `redis://user:password@host:port/database` or, with TLS, `rediss://…`. `Debug` shows no
/// password.
#[derive(Clone)]
#[non_exhaustive]
pub enum RedisServers {
    /// One server, by its URL.
    Single(String),
    /// A Redis Cluster, by the URLs of some of its nodes: the others are found through them.
    #[cfg(feature = "cluster")]
    Cluster(Vec<String>),
    /// The master that Redis Sentinel names.
    #[cfg(feature = "sentinel")]
    Sentinel(RedisSentinel),
}

/// A master that Redis Sentinel watches over.
#[cfg(feature = "sentinel")]
#[derive(Clone)]
#[non_exhaustive]
pub struct RedisSentinel {
    /// The URLs of the sentinels.
    pub sentinels: Vec<String>,
    /// The name that they know the master by.
    pub master: String,
    /// Who to sign in to the master as.
    pub username: Option<String>,
    /// With which password.
    pub password: Option<String>,
    /// The number of the master's database.
    pub database: u16,
    /// Whether the master wants TLS.
    pub tls: bool,
}

#[cfg(feature = "sentinel")]
impl RedisSentinel {
    /// The master of this name: its database 0, without a password and without TLS.
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

/// The kind alone: URLs hold passwords.
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

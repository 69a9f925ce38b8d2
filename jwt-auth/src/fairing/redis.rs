//! From the settings to a store in Redis.

use std::sync::Arc;

use crate::compat::fastapi_framework::TokenSet;
use crate::config::{Redis, Settings};
use crate::error::StartupError;
#[cfg(feature = "sentinel")]
use crate::store::RedisSentinel;
use crate::store::RefreshStore;
#[cfg(feature = "redis")]
use crate::store::{RedisOptions, RedisServers, RedisStore};

#[cfg(feature = "redis")]
pub(super) async fn store(redis: &Redis, settings: &Settings) -> Result<Arc<dyn RefreshStore>, StartupError> {
    let options = RedisOptions {
        prefix: settings.prefix.clone(),
        timeout: settings.store_timeout,
        wait_replicas: settings.wait_replicas,
    };
    Ok(Arc::new(RedisStore::connect(servers(redis)?, options).await?))
}

#[cfg(not(feature = "redis"))]
pub(super) async fn store(_: &Redis, _: &Settings) -> Result<Arc<dyn RefreshStore>, StartupError> {
    Err(without_feature("is set", "redis"))
}

/// The SET of a service on fastapi_framework that shares the Redis. It has a connection of its own: what
/// sweeps it gets in nobody's way.
#[cfg(feature = "redis")]
pub(crate) async fn token_set(redis: &Redis, settings: &Settings) -> Result<Box<dyn TokenSet>, StartupError> {
    let options = RedisOptions {
        prefix: settings.prefix.clone(),
        timeout: settings.store_timeout,
        ..RedisOptions::default()
    };
    Ok(Box::new(RedisStore::connect(servers(redis)?, options).await?.token_set()))
}

#[cfg(not(feature = "redis"))]
pub(crate) async fn token_set(_: &Redis, _: &Settings) -> Result<Box<dyn TokenSet>, StartupError> {
    Err(without_feature("is set", "redis"))
}

#[cfg(feature = "redis")]
fn servers(redis: &Redis) -> Result<RedisServers, StartupError> {
    match redis {
        Redis::Single(url) => Ok(RedisServers::Single(url.expose().clone())),
        #[cfg(feature = "cluster")]
        Redis::Cluster(urls) => {
            Ok(RedisServers::Cluster(urls.iter().map(|url| url.expose().clone()).collect()))
        }
        #[cfg(not(feature = "cluster"))]
        Redis::Cluster(_) => Err(without_feature("is a list, which means a cluster", "cluster")),
        #[cfg(feature = "sentinel")]
        Redis::Sentinel(sentinel) => {
            let sentinels = sentinel.sentinels.iter().map(|url| url.expose().clone());
            let mut servers = RedisSentinel::new(sentinels, &sentinel.master);
            servers.username.clone_from(&sentinel.username);
            servers.password = sentinel.password.as_ref().map(|password| password.expose().clone());
            servers.database = sentinel.database;
            servers.tls = sentinel.tls;
            Ok(RedisServers::Sentinel(servers))
        }
        #[cfg(not(feature = "sentinel"))]
        Redis::Sentinel(_) => Err(without_feature("names sentinels", "sentinel")),
    }
}

#[cfg(not(all(feature = "redis", feature = "cluster", feature = "sentinel")))]
fn without_feature(what: &str, feature: &str) -> StartupError {
    StartupError::setting(
        "redis",
        format!("{what}, and the app was built without the feature `{feature}` of jwt-auth"),
        &format!("jwt-auth = {{ version = \"0.1\", features = [\"{feature}\"] }}"),
    )
}

//! Opens the store in Redis, as the settings require.

use std::sync::Arc;

#[cfg(feature = "redis")]
use crate::compat::fastapi_framework::RedisTokenSet;
use crate::compat::fastapi_framework::TokenSet;
use crate::compat::fastapi_framework::{self, Legacy};
use crate::config::{Redis, Settings, StoreSettings};
use crate::error::StartupError;
#[cfg(feature = "sentinel")]
use crate::store::RedisSentinel;
use crate::store::RefreshStore;
#[cfg(feature = "redis")]
use crate::store::{RedisOptions, RedisServers, RedisStore};

/// Opens the session store.
#[cfg(feature = "redis")]
pub(super) async fn open(
    redis: &Redis,
    settings: &StoreSettings,
) -> Result<Arc<dyn RefreshStore>, StartupError> {
    let options = RedisOptions { wait_replicas: settings.wait_replicas, ..options(settings) };
    Ok(Arc::new(RedisStore::connect(servers(redis)?, options).await?))
}

#[cfg(not(feature = "redis"))]
pub(super) async fn open(_: &Redis, _: &StoreSettings) -> Result<Arc<dyn RefreshStore>, StartupError> {
    Err(without_feature("is set", "redis"))
}

/// Opens the SET that the app shares with a service that uses fastapi_framework, if the setting `fastapi_framework` is
/// set.
pub(super) async fn legacy(settings: &Settings) -> Result<Option<Legacy>, StartupError> {
    let Some(phase) = settings.fastapi_framework else { return Ok(None) };
    let set = token_set(fastapi_framework::check(settings, phase)?, &settings.store).await?;
    Legacy::open(phase, set, settings.store.timeout).await.map(Some)
}

/// Opens the SET in the same Redis server. It has its own connection, so that sweeps do not delay requests.
#[cfg(feature = "redis")]
async fn token_set(redis: &Redis, settings: &StoreSettings) -> Result<Box<dyn TokenSet>, StartupError> {
    let store = RedisStore::connect(servers(redis)?, options(settings)).await?;
    Ok(Box::new(RedisTokenSet::open(store).await?))
}

#[cfg(not(feature = "redis"))]
async fn token_set(_: &Redis, _: &StoreSettings) -> Result<Box<dyn TokenSet>, StartupError> {
    Err(without_feature("is set", "redis"))
}

#[cfg(feature = "redis")]
fn options(settings: &StoreSettings) -> RedisOptions {
    RedisOptions { prefix: settings.prefix.clone(), timeout: settings.timeout, ..RedisOptions::default() }
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
        format!("{what}, but the app was built without the feature `{feature}` of jwt-auth"),
        &format!("jwt-auth = {{ version = \"0.1\", features = [\"{feature}\"] }}"),
    )
}

//! The store and the clock of an app.

use std::sync::Arc;

use rocket::{Build, Rocket};

use super::{Fairing, store};
use crate::clock::Clock;
use crate::config::StoreSettings;
use crate::error::StartupError;
use crate::store::{MemoryStore, RefreshStore};

/// What the app is built on.
pub(super) struct Base {
    store: Option<Arc<dyn RefreshStore>>,
    pub(super) clock: Arc<dyn Clock>,
    /// Whether the app works without keys and without Redis.
    pub(super) for_tests: bool,
}

/// The clock of an app that was prepared for a test. It is in the managed state.
#[cfg(feature = "testing")]
pub(crate) struct TestClock(pub(crate) Arc<dyn Clock>);

impl Fairing {
    #[cfg_attr(not(feature = "testing"), expect(unused_variables, reason = "tests manage the clock"))]
    pub(super) fn base(&self, rocket: &Rocket<Build>) -> Base {
        #[cfg(feature = "testing")]
        if let Some(TestClock(clock)) = rocket.state() {
            return Base {
                store: Some(Arc::new(MemoryStore::new())),
                clock: Arc::clone(clock),
                for_tests: true,
            };
        }
        Base { store: self.store.clone(), clock: Arc::clone(&self.clock), for_tests: false }
    }
}

impl Base {
    pub(super) async fn open_store(
        &self,
        settings: &StoreSettings,
        issuer: Option<&str>,
        debug: bool,
    ) -> Result<Arc<dyn RefreshStore>, StartupError> {
        if settings.wait_replicas > 0 && (self.store.is_some() || settings.redis.is_none()) {
            return Err(StartupError::setting(
                "wait_replicas",
                "is set, but sessions are not kept in the Redis server of the setting `redis`, so there are no replicas",
                "redis = \"redis://127.0.0.1:6379/0\"",
            ));
        }
        let (store, place) = match (&self.store, &settings.redis) {
            (Some(store), _) => (Arc::clone(store), "in the app's own store"),
            (None, Some(redis)) => {
                let store = store::open(redis, settings).await?;
                if issuer.is_none() {
                    warn_of_shared_users(&settings.prefix);
                }
                (store, "in Redis")
            }
            (None, None) => (memory(debug), "in memory"),
        };
        log::info!("jwt-auth: sessions are kept {place}");
        Ok(store)
    }
}

/// Logs a warning that users of several apps may have the same owner.
fn warn_of_shared_users(prefix: &str) {
    log::warn!(
        "jwt-auth: `issuer` is not set, so all apps that use this Redis server with the prefix `{prefix}` share their \
         users: logging out user 1 of one app everywhere also logs out user 1 of the others. Give each app its own \
         `issuer` or `prefix` in [default.jwt_auth]. Changing one of them ends the existing sessions"
    );
}

fn memory(debug: bool) -> Arc<dyn RefreshStore> {
    if !debug {
        log::warn!(
            "jwt-auth: sessions are kept in memory and end with this process; \
             set `redis` in [default.jwt_auth] or REDIS_URL to keep them"
        );
    }
    Arc::new(MemoryStore::new())
}

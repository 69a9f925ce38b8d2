//! The feed of revocations by other processes.

use std::sync::Arc;

use rocket::tokio::spawn;

use crate::config::{RevocationMode, WhenStale};
use crate::error::StartupError;
use crate::event::Observers;
use crate::revocation::{Revocations, catch_up, follow};
use crate::store::RefreshStore;

/// Follows the feed of revocations by other processes, unless the settings turn it off.
pub(super) async fn listen(
    store: &dyn RefreshStore,
    revocations: &Arc<Revocations>,
    observers: &Observers,
) -> Result<(), StartupError> {
    let settings = revocations.settings();
    let off = settings.mode == RevocationMode::Off;
    let feed = if off { None } else { store.feed(revocations.retention()) };
    let has_feed = feed.is_some();
    if let Some(feed) = feed {
        let cursor = catch_up(&*feed, revocations).await.map_err(|source| StartupError::Store {
            what: "the revocations of other processes could not be read".to_owned(),
            source,
        })?;
        spawn(follow(feed, Arc::downgrade(revocations), cursor, observers.clone()));
    }
    let is_shared = store.is_shared();
    if settings.when_stale == WhenStale::Refuse && !has_feed && (off || is_shared) {
        let why = if off { "`revocation` is \"off\"" } else { "the store has no feed of revocations" };
        let problem = format!("is \"refuse\", but {why}, so there is nothing that could be stale");
        return Err(StartupError::setting("when_stale", problem, "when_stale = \"continue\""));
    }
    if settings.mode == RevocationMode::Push && !has_feed && is_shared {
        log::warn!(
            "jwt-auth: the app's own store is shared, but has no feed of revocations, so after a logout in one process, \
             the others accept the access tokens until they expire. Implement `RefreshStore::feed`, or set `revocation \
             = \"strict\"` in [default.jwt_auth]"
        );
    }
    Ok(())
}

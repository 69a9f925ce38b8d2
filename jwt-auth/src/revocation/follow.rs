//! Follows the feed: hears what other processes revoke.

use std::sync::{Arc, Weak};
use std::time::Duration;

use rocket::tokio::time::sleep;

use super::Revocations;
use super::feed::{FeedPage, RevocationFeed};
use crate::error::{Chain, StoreError};

/// How long one read waits. Also how often an idle process learns that there is nothing to hear.
const WAIT: Duration = Duration::from_secs(1);

/// The delay after a failed read.
const RETRY: Duration = Duration::from_millis(200);

/// Reads every revocation in force, before the first request. Returns where to continue.
pub(crate) async fn catch_up(
    feed: &dyn RevocationFeed,
    revocations: &Revocations,
) -> Result<Option<String>, StoreError> {
    let mut cursor = None;
    loop {
        let page = feed.read(cursor.as_deref(), Duration::ZERO).await?;
        let done = page.up_to_date;
        cursor = hear(page, revocations);
        if done {
            return Ok(cursor);
        }
    }
}

/// Keeps reading for as long as the app lives. A failed read is retried from the same place, so nothing is missed.
pub(crate) async fn follow(
    feed: Arc<dyn RevocationFeed>,
    revocations: Weak<Revocations>,
    mut cursor: Option<String>,
) {
    let mut failing = false;
    loop {
        let page = feed.read(cursor.as_deref(), WAIT).await;
        let Some(revocations) = revocations.upgrade() else { return };
        match page {
            Ok(page) => {
                cursor = hear(page, &revocations);
                if std::mem::take(&mut failing) {
                    log::warn!("jwt-auth: revocations by other processes are heard again");
                }
            }
            Err(error) => {
                if !std::mem::replace(&mut failing, true) {
                    log::warn!("jwt-auth: revocations by other processes are not heard: {}", Chain(&error));
                }
                drop(revocations);
                sleep(RETRY).await;
            }
        }
    }
}

fn hear(page: FeedPage, revocations: &Revocations) -> Option<String> {
    for revocation in page.revocations {
        revocations.apply(revocation);
    }
    if page.up_to_date {
        revocations.set_up_to_date();
    }
    page.cursor
}

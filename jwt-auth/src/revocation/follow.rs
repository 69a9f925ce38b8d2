//! Hears what other processes revoke.

use std::sync::{Arc, Weak};
use std::time::Duration;

use rocket::tokio::time::sleep;

use super::Revocations;
use crate::clock::Clock;
use crate::error::{Chain, StoreError};
use crate::store::{News, RevocationFeed};

/// How long one read waits for news. Also how often a process that hears nothing knows that there is
/// nothing to hear.
const WAIT: Duration = Duration::from_secs(1);

/// How long after a failed read the next one is tried.
const RETRY: Duration = Duration::from_millis(200);

/// Reads everything that is in force, before the first request. Returns where to go on.
pub(crate) async fn catch_up(
    feed: &dyn RevocationFeed,
    revocations: &Revocations,
    clock: &dyn Clock,
) -> Result<Option<String>, StoreError> {
    let mut cursor = None;
    loop {
        let news = feed.read(cursor.as_deref(), Duration::ZERO).await?;
        let done = news.up_to_date;
        cursor = hear(news, revocations, clock);
        if done {
            return Ok(cursor);
        }
    }
}

/// Goes on reading for as long as somebody wants to know. A read that failed is tried again from the
/// same place, so nothing is left out.
pub(crate) async fn follow(
    feed: Arc<dyn RevocationFeed>,
    revocations: Weak<Revocations>,
    clock: Arc<dyn Clock>,
    mut cursor: Option<String>,
) {
    let mut failing = false;
    loop {
        let news = feed.read(cursor.as_deref(), WAIT).await;
        let Some(revocations) = revocations.upgrade() else { return };
        match news {
            Ok(news) => {
                cursor = hear(news, &revocations, &*clock);
                if std::mem::take(&mut failing) {
                    log::warn!("jwt-auth: the revocations of other processes are heard again");
                }
            }
            Err(error) => {
                if !std::mem::replace(&mut failing, true) {
                    log::warn!(
                        "jwt-auth: the revocations of other processes are not heard: {}",
                        Chain(&error)
                    );
                }
                drop(revocations);
                sleep(RETRY).await;
            }
        }
    }
}

fn hear(news: News, revocations: &Revocations, clock: &dyn Clock) -> Option<String> {
    let now = clock.now();
    for revocation in news.revocations {
        revocations.apply(revocation, now);
    }
    if news.up_to_date {
        revocations.heard(now);
    }
    news.cursor
}

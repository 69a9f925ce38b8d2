//! Follows the feed to receive the revocations of other processes.

use std::sync::{Arc, Weak};
use std::time::Duration;

use rocket::tokio::time::{sleep, timeout};

use super::Revocations;
use super::feed::{FeedPage, RevocationFeed};
use crate::error::StoreError;
use crate::event::{Event, Observers};

/// How long one read waits for revocations, and so how often an idle process confirms that it is up to date.
const WAIT: Duration = Duration::from_secs(1);

/// The time limit of a read: longer than connecting takes, because a read may have to.
const LIMIT: Duration = Duration::from_secs(15);

/// The delay after a failed read.
const RETRY: Duration = Duration::from_millis(200);

/// Reads every revocation in force before the first request. Returns the cursor to continue from.
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

/// Keeps reading for as long as the app runs. A failed read is retried from the same cursor, so nothing is missed.
pub(crate) async fn follow(
    feed: Arc<dyn RevocationFeed>,
    revocations: Weak<Revocations>,
    mut cursor: Option<String>,
    observers: Observers,
) {
    let mut health = Health::default();
    loop {
        let page = timeout(LIMIT, feed.read(cursor.as_deref(), WAIT)).await;
        let page = page.unwrap_or(Err(StoreError::TimedOut(LIMIT)));
        let Some(revocations) = revocations.upgrade() else { return };
        match page {
            Ok(page) => {
                cursor = hear(page, &revocations);
                health.report(None, &revocations, &observers);
            }
            Err(error) => {
                health.report(Some(&error), &revocations, &observers);
                drop(revocations);
                sleep(RETRY).await;
            }
        }
    }
}

/// What the observers know about the feed.
#[derive(Default)]
struct Health {
    is_interrupted: bool,
    is_stale: bool,
}

impl Health {
    /// Reports what has changed with a read.
    fn report(&mut self, error: Option<&StoreError>, revocations: &Revocations, observers: &Observers) {
        let is_stale = revocations.is_stale();
        if let Some(error) = error
            && !self.is_interrupted
        {
            observers.emit(Event::FeedInterrupted { error });
        }
        if is_stale && !self.is_stale {
            observers.emit(Event::FeedStale { refuses: revocations.may_refuse() });
        }
        if error.is_none() && !is_stale && (self.is_interrupted || self.is_stale) {
            observers.emit(Event::FeedRestored);
        }
        *self = Self { is_interrupted: error.is_some(), is_stale };
        #[cfg(feature = "metrics")]
        revocations.measure();
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

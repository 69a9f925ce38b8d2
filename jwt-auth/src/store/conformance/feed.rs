//! Tests of the feed, if the store has one.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::{HOUR, Suite};
use crate::owner::{Owner, Revision};
use crate::revocation::{Revocation, RevocationFeed};

/// More logouts than a feed is likely to return in one read.
const LOGOUTS: usize = 1_500;

impl Suite {
    pub(super) async fn a_feed_returns_every_revocation(&self) {
        let token = Uuid::new_v4();
        let Some(feed) = self.store.feed(HOUR) else {
            assert!(!self.tell(token).await, "`tell` returns `false` if the store has no feed");
            return;
        };
        let owner = &self.owner("feed");
        let session = |sid| Revocation::Session(owner.digest(), sid);
        let mut listener = Listener { feed: Arc::clone(&feed), cursor: None, heard: Vec::new() };
        listener.listen().await;

        let [removed, lost, kept, crowded] = [self.family(), self.family(), self.family(), self.family()];
        self.insert(owner, &removed).await;
        self.remove(owner, removed.sid).await;
        listener.expect(session(removed.sid), "a removed family").await;

        assert!(
            !self.remove(owner, lost.sid).await,
            "`remove` returns `false` for a family that does not exist"
        );
        listener.expect(session(lost.sid), "a family that did not exist when it was removed").await;

        self.insert(owner, &kept).await;
        for spared in [Some(kept.sid), None] {
            let revision = self.remove_all_but(owner, spared).await;
            let whole = Revocation::Owner(owner.digest(), revision, spared);
            listener.expect(whole, "all families of an owner").await;
        }

        self.insert(owner, &crowded).await;
        self.insert_at(owner, &self.family(), self.now, 1).await;
        listener.expect(session(crowded.sid), "a family that was dropped to make room").await;

        assert!(self.tell(token).await, "`tell` returns `true` if the store has a feed");
        listener.expect(Revocation::Token(token), "an access token").await;

        let mut sids = Vec::new();
        for _ in 0..LOGOUTS {
            let family = self.family();
            self.insert(owner, &family).await;
            self.remove(owner, family.sid).await;
            sids.push(family.sid);
        }
        // The old listener continues where it stopped. The new one reads from the beginning, like a process that
        // starts.
        let mut new = Listener { feed, cursor: None, heard: Vec::new() };
        for listener in [&mut listener, &mut new] {
            listener.expect(Revocation::Token(token), "an access token, whatever was revoked after it").await;
            for sid in &sids {
                assert!(
                    listener.heard.contains(&session(*sid)),
                    "a feed leaves nothing out, however much there is to read"
                );
            }
        }
        self.remove_all(owner).await;
    }

    async fn tell(&self, id: Uuid) -> bool {
        self.store.tell(&Revocation::Token(id), &self.context()).await.expect("the store works")
    }

    async fn remove_all_but(&self, owner: &Owner, spared: Option<Uuid>) -> Revision {
        self.store.remove_all(owner, spared, &self.context()).await.expect("the store works").revision
    }
}

struct Listener {
    feed: Arc<dyn RevocationFeed>,
    cursor: Option<String>,
    heard: Vec<Revocation>,
}

impl Listener {
    /// Reads until there is nothing more to read.
    async fn listen(&mut self) {
        loop {
            let news = self.feed.read(self.cursor.as_deref(), Duration::ZERO).await.expect("the feed works");
            self.heard.extend(news.revocations);
            self.cursor = news.cursor;
            if news.up_to_date {
                return;
            }
        }
    }

    async fn expect(&mut self, revocation: Revocation, what: &str) {
        self.listen().await;
        assert!(self.heard.contains(&revocation), "a feed returns the revocation of {what}");
    }
}

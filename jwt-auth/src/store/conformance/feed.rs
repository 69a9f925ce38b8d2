//! What a feed tells, of a store that has one.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::{HOUR, Suite};
use crate::owner::{Owner, Revision};
use crate::revocation::{Revocation, RevocationFeed};

/// More than a feed is likely to tell in one read.
const LOGOUTS: usize = 1_500;

impl Suite {
    pub(super) async fn a_feed_tells_what_was_ended(&self) {
        let token = Uuid::new_v4();
        let Some(feed) = self.store.feed(HOUR) else {
            assert!(!self.tell(token).await, "a store without a feed tells of no token");
            return;
        };
        let owner = &self.owner("feed");
        let session = |sid| Revocation::Session(owner.digest(), sid);
        let mut listener = Listener { feed: Arc::clone(&feed), cursor: None, heard: Vec::new() };
        listener.listen().await;

        let [removed, lost, kept, crowded] = [self.family(), self.family(), self.family(), self.family()];
        self.insert(owner, &removed).await;
        self.remove(owner, removed.sid).await;
        listener.expect(session(removed.sid), "a family that was removed").await;

        assert!(!self.remove(owner, lost.sid).await, "a family that was never there does not exist");
        listener.expect(session(lost.sid), "a family that was to be removed, and was not there").await;

        self.insert(owner, &kept).await;
        for spared in [Some(kept.sid), None] {
            let revision = self.remove_all_but(owner, spared).await;
            let whole = Revocation::Owner(owner.digest(), revision, spared);
            listener.expect(whole, "an owner whose families were removed").await;
        }

        self.insert(owner, &crowded).await;
        self.insert_at(owner, &self.family(), self.now, 1).await;
        listener.expect(session(crowded.sid), "a family that made room").await;

        assert!(self.tell(token).await, "a store with a feed tells of a token");
        listener.expect(Revocation::Token(token), "an access token that was revoked").await;

        let mut sids = Vec::new();
        for _ in 0..LOGOUTS {
            let family = self.family();
            self.insert(owner, &family).await;
            self.remove(owner, family.sid).await;
            sids.push(family.sid);
        }
        // From where it stopped, and from the beginning, as a process that starts.
        let mut new = Listener { feed, cursor: None, heard: Vec::new() };
        for listener in [&mut listener, &mut new] {
            listener.expect(Revocation::Token(token), "an access token, whatever came after it").await;
            for sid in &sids {
                assert!(
                    listener.heard.contains(&session(*sid)),
                    "a feed leaves nothing out, however much there is to tell"
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
    /// Reads until there is no more.
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
        assert!(self.heard.contains(&revocation), "a feed tells of {what}");
    }
}

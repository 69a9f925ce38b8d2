//! What a feed tells, of a store that has one.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::{HOUR, Suite};
use crate::revocation::{Revocation, RevocationFeed, SubjectDigest};

/// More than a feed is likely to tell in one read.
const LOGOUTS: usize = 1_500;

impl Suite {
    pub(super) async fn a_feed_tells_what_was_ended(&self) {
        let token = Uuid::new_v4();
        let Some(feed) = self.store.feed(HOUR) else {
            assert!(!self.revoke_token(token).await, "a store without a feed tells of no token");
            return;
        };
        let subject = format!("feed {}", self.run);
        let mut listener = Listener { feed: Arc::clone(&feed), cursor: None, heard: Vec::new() };
        listener.listen().await;

        let [removed, with_all, crowded] = [self.family(), self.family(), self.family()];
        self.insert(&subject, &removed).await;
        self.remove(&subject, removed.sid).await;
        listener.expect(Revocation::Session(removed.sid), "a family that was removed").await;

        self.insert(&subject, &with_all).await;
        self.remove_all(&subject).await;
        listener.expect(Revocation::Session(with_all.sid), "a family that was removed with all others").await;
        let whole = Revocation::Subject(SubjectDigest::of(&subject), self.now);
        listener.expect(whole, "a subject whose families were all removed").await;

        self.insert(&subject, &crowded).await;
        self.store.insert(&subject, &self.family(), self.now, 1).await.expect("the store works");
        listener.expect(Revocation::Session(crowded.sid), "a family that made room").await;

        assert!(self.revoke_token(token).await, "a store with a feed tells of a token");
        listener.expect(Revocation::Token(token), "an access token that was revoked").await;

        let mut sids = Vec::new();
        for _ in 0..LOGOUTS {
            let family = self.family();
            self.insert(&subject, &family).await;
            self.remove(&subject, family.sid).await;
            sids.push(family.sid);
        }
        // From where it stopped, and from the beginning, as a process that starts.
        let mut new = Listener { feed, cursor: None, heard: Vec::new() };
        for listener in [&mut listener, &mut new] {
            listener.expect(Revocation::Token(token), "an access token, whatever came after it").await;
            for sid in &sids {
                let told = listener.heard.contains(&Revocation::Session(*sid));
                assert!(told, "a feed leaves nothing out, however much there is to tell");
            }
        }
        self.remove_all(&subject).await;
    }

    async fn revoke_token(&self, id: Uuid) -> bool {
        self.store.revoke_token(id).await.expect("the store works")
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

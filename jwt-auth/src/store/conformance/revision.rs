//! Revisions: how often all tokens of an owner were revoked.

use uuid::Uuid;

use super::{MANY, Suite};
use crate::owner::{Owner, Revision};
use crate::store::Context;

impl Suite {
    pub(super) async fn each_removal_of_all_has_a_later_revision(&self, owner: &Owner) {
        let mut last = self.revision(owner, Revision::default()).await;
        for _ in 0..3 {
            let removed = self.store.remove_all(owner, None, &self.context()).await.expect("the store works");
            assert!(removed.revision > last, "revisions increase, also within a millisecond");
            last = removed.revision;
            assert_eq!(self.revision(owner, Revision::default()).await, last, "a revision is there to stay");
            let family = self.family();
            let inserted = self.store.insert(owner, &family, MANY, &self.context()).await;
            assert_eq!(inserted.expect("the store works").revision, last, "a login learns the revision");
            for presented in [family.current, Uuid::new_v4()] {
                let swap = self.swap(presented);
                let swapped = self.store.compare_and_swap(owner, family.sid, &swap, &self.context()).await;
                assert_eq!(swapped.expect("the store works").revision, last, "a refresh learns the revision");
            }
        }
        self.remove_all(owner).await;
    }

    pub(super) async fn a_store_continues_from_the_revision_that_was_heard(&self, owner: &Owner) {
        let stored = self.revision(owner, Revision::default()).await;
        // Far ahead of the store's clock.
        let heard = Revision::from_u64(stored.as_u64().max(self.now.as_millis()) + 10_000_000_000);
        let later = Context { heard, ..self.context() };
        let family = self.family();
        let inserted = self.store.insert(owner, &family, MANY, &later).await.expect("the store works");
        assert_eq!(inserted.revision, heard, "a store takes over a later revision");
        let kept = self.revision(owner, Revision::default()).await;
        assert_eq!(kept, heard, "a revision that was taken over is there to stay");

        let next = Context { heard: Revision::from_u64(heard.as_u64() + 5), ..later };
        let swap = self.swap(family.current);
        let swapped = self.store.compare_and_swap(owner, family.sid, &swap, &next).await;
        assert_eq!(swapped.expect("the store works").revision, next.heard, "also at a refresh");

        let last = Context { heard: Revision::from_u64(heard.as_u64() + 9), ..later };
        let removed = self.store.remove_all(owner, None, &last).await.expect("the store works");
        assert!(removed.revision > last.heard, "the next revision is later than any that was heard of");
    }

    pub(super) async fn removing_all_spares_one_family(&self, owner: &Owner) {
        let [one, spared, other] = [self.family(), self.family(), self.family()];
        for family in [&one, &spared, &other] {
            self.insert(owner, family).await;
        }
        let removed = self.store.remove_all(owner, Some(spared.sid), &self.context()).await;
        let removed = removed.expect("the store works");
        let is_spared = removed.spared == Some(spared.sid);
        let mut removed = removed.sids;
        removed.sort();
        let mut expected = [one.sid, other.sid];
        expected.sort();
        assert_eq!(removed, expected, "all are removed but the one that is spared");
        assert_eq!(self.list(owner).await, [spared], "the one that is spared stays as it is");
        assert!(is_spared, "removing tells that a family was spared");

        let none = self.store.remove_all(owner, Some(Uuid::new_v4()), &self.context()).await;
        let none = none.expect("the store works");
        assert_eq!(
            (none.sids.len(), none.spared),
            (1, None),
            "a family that does not exist cannot be spared"
        );
        assert_eq!(self.list(owner).await, []);
    }
}

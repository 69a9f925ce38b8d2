//! Tests of revisions.

use uuid::Uuid;

use super::{MANY, Suite};
use crate::owner::{Owner, Revision};
use crate::store::Context;

impl Suite {
    pub(super) async fn each_remove_all_assigns_a_later_revision(&self, owner: &Owner) {
        let mut last = self.revision(owner, Revision::default()).await;
        for _ in 0..3 {
            let removed = self.store.remove_all(owner, None, &self.context()).await.expect("the store works");
            assert!(removed.revision > last, "revisions increase, even within a millisecond");
            last = removed.revision;
            assert_eq!(self.revision(owner, Revision::default()).await, last, "a revision is stored");
            let family = self.family();
            let inserted = self.store.insert(owner, &family, MANY, &self.context()).await;
            assert_eq!(inserted.expect("the store works").revision, last, "`insert` returns the revision");
            for presented in [family.current, Uuid::new_v4()] {
                let swap = self.swap(presented);
                let swapped = self.store.compare_and_swap(owner, family.sid, &swap, &self.context()).await;
                assert_eq!(
                    swapped.expect("the store works").revision,
                    last,
                    "`compare_and_swap` returns the revision"
                );
            }
        }
        self.remove_all(owner).await;
    }

    pub(super) async fn a_store_continues_from_the_revision_that_the_caller_knows(&self, owner: &Owner) {
        let stored = self.revision(owner, Revision::default()).await;
        // Far ahead of the store's clock.
        let heard = Revision::from_u64(stored.as_u64().max(self.now.as_millis()) + 10_000_000_000);
        let later = Context { heard, ..self.context() };
        let family = self.family();
        let inserted = self.store.insert(owner, &family, MANY, &later).await.expect("the store works");
        assert_eq!(inserted.revision, heard, "`insert` adopts a later revision");
        let kept = self.revision(owner, Revision::default()).await;
        assert_eq!(kept, heard, "an adopted revision is stored");

        let next = Context { heard: Revision::from_u64(heard.as_u64() + 5), ..later };
        let swap = self.swap(family.current);
        let swapped = self.store.compare_and_swap(owner, family.sid, &swap, &next).await;
        assert_eq!(
            swapped.expect("the store works").revision,
            next.heard,
            "`compare_and_swap` adopts a later revision"
        );

        let last = Context { heard: Revision::from_u64(heard.as_u64() + 9), ..later };
        let removed = self.store.remove_all(owner, None, &last).await.expect("the store works");
        assert!(removed.revision > last.heard, "the next revision is later than any that the caller knows");
    }

    pub(super) async fn remove_all_spares_one_family(&self, owner: &Owner) {
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
        assert_eq!(removed, expected, "all families except the spared one are removed");
        assert_eq!(self.list(owner).await, [spared], "the spared family stays unchanged");
        assert!(is_spared, "`remove_all` returns the id of the spared family");

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

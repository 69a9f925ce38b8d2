//! Inserting: the one operation that cleans up.

use uuid::Uuid;

use super::{HOUR, MANY, Suite};
use crate::clock::Timestamp;
use crate::family::{Family, Swap};

impl Suite {
    pub(super) async fn inserting_drops_what_has_ended_and_nothing_else(&self, subject: &str) {
        let ended = Family { idle_end: self.now + HOUR, ..self.family() };
        let living = Family { idle_end: self.now + 3 * HOUR, ..self.family() };
        let new = Family { idle_end: self.now + 3 * HOUR, ..self.family() };
        self.insert(subject, &ended).await;
        self.insert(subject, &living).await;
        let dropped = self.store.insert(subject, &new, self.now + 2 * HOUR, MANY).await;
        assert_eq!(dropped.expect("the store works"), Vec::<Uuid>::new(), "what has ended is not told");
        let left = self.list(subject).await;
        assert!(left.contains(&living) && left.contains(&new), "what lives is kept: {left:?}");
        assert!(!left.contains(&ended), "a login drops what has ended");
        self.remove_all(subject).await;
    }

    pub(super) async fn inserting_beyond_the_limit_drops_what_was_used_longest_ago(&self, subject: &str) {
        let begun = |minutes: u64| Family {
            created_at: Timestamp::from_millis(self.now.as_millis() - minutes * 60_000),
            ..self.family()
        };
        let [first, second, third] = [begun(30), begun(20), begun(10)];
        for family in [&first, &second, &third] {
            self.insert(subject, family).await;
        }
        // Used just now, the first is the last to go.
        self.compare_and_swap(subject, first.sid, &self.swap(first.current)).await;

        let fourth = self.family();
        let dropped = self.store.insert(subject, &fourth, self.now, 2).await.expect("the store works");
        assert_eq!(
            dropped,
            [second.sid, third.sid],
            "a login beyond the limit drops what was used longest ago"
        );
        let mut left: Vec<Uuid> = self.list(subject).await.into_iter().map(|family| family.sid).collect();
        left.sort();
        let mut expected = [first.sid, fourth.sid];
        expected.sort();
        assert_eq!(left, expected, "and nothing else");
        self.remove_all(subject).await;
    }

    pub(super) async fn a_refresh_by_a_clock_that_is_behind_makes_no_family_older(&self, subject: &str) {
        let begun = |minutes: u64| Family {
            created_at: Timestamp::from_millis(self.now.as_millis() - minutes * 60_000),
            ..self.family()
        };
        let [old, new] = [begun(10), begun(0)];
        for family in [&old, &new] {
            self.insert(subject, family).await;
        }
        let behind = Swap { now: begun(20).created_at, ..self.swap(new.current) };
        self.compare_and_swap(subject, new.sid, &behind).await;

        let third = self.family();
        let dropped = self.store.insert(subject, &third, self.now, 2).await.expect("the store works");
        assert_eq!(dropped, [old.sid], "a family was used when it began, at the earliest");
        self.remove_all(subject).await;
    }
}

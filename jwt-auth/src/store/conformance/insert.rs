//! Inserting: the one operation that cleans up.

use uuid::Uuid;

use super::{HOUR, MANY, Suite};
use crate::clock::Timestamp;
use crate::family::{Family, Swap};
use crate::owner::Owner;

impl Suite {
    pub(super) async fn inserting_drops_what_has_ended_and_nothing_else(&self, owner: &Owner) {
        let ended = Family { idle_end: self.now + HOUR, ..self.family() };
        let living = Family { idle_end: self.now + 3 * HOUR, ..self.family() };
        let new = Family { idle_end: self.now + 3 * HOUR, ..self.family() };
        self.insert(owner, &ended).await;
        self.insert(owner, &living).await;
        let dropped = self.insert_at(owner, &new, self.now + 2 * HOUR, MANY).await;
        assert_eq!(dropped, Vec::<Uuid>::new(), "what has ended is not told");
        let left = self.list(owner).await;
        assert!(left.contains(&living) && left.contains(&new), "what lives is kept: {left:?}");
        assert!(!left.contains(&ended), "a login drops what has ended");
        self.remove_all(owner).await;
    }

    pub(super) async fn inserting_beyond_the_limit_drops_what_was_used_longest_ago(&self, owner: &Owner) {
        let begun = |minutes: u64| Family {
            created_at: Timestamp::from_millis(self.now.as_millis() - minutes * 60_000),
            ..self.family()
        };
        let [first, second, third] = [begun(30), begun(20), begun(10)];
        for family in [&first, &second, &third] {
            self.insert(owner, family).await;
        }
        // Used just now, the first is the last to go.
        self.compare_and_swap(owner, first.sid, &self.swap(first.current)).await;

        let fourth = self.family();
        let dropped = self.insert_at(owner, &fourth, self.now, 2).await;
        assert_eq!(
            dropped,
            [second.sid, third.sid],
            "a login beyond the limit drops what was used longest ago"
        );
        let mut left: Vec<Uuid> = self.list(owner).await.into_iter().map(|family| family.sid).collect();
        left.sort();
        let mut expected = [first.sid, fourth.sid];
        expected.sort();
        assert_eq!(left, expected, "and nothing else");

        // The answer was lost, and the login is sent again.
        let again = self.insert_at(owner, &fourth, self.now, 2).await;
        assert_eq!(again, Vec::<Uuid>::new(), "a login that is repeated drops no other session");
        let mut left: Vec<Uuid> = self.list(owner).await.into_iter().map(|family| family.sid).collect();
        left.sort();
        assert_eq!(left, expected, "a login that is repeated counts once");
        self.remove_all(owner).await;
    }

    pub(super) async fn a_refresh_by_a_clock_that_is_behind_makes_no_family_older(&self, owner: &Owner) {
        let begun = |minutes: u64| Family {
            created_at: Timestamp::from_millis(self.now.as_millis() - minutes * 60_000),
            ..self.family()
        };
        let [old, new] = [begun(10), begun(0)];
        for family in [&old, &new] {
            self.insert(owner, family).await;
        }
        let behind = Swap { now: begun(20).created_at, ..self.swap(new.current) };
        self.compare_and_swap(owner, new.sid, &behind).await;

        let third = self.family();
        let dropped = self.insert_at(owner, &third, self.now, 2).await;
        assert_eq!(dropped, [old.sid], "a family was used when it began, at the earliest");
        self.remove_all(owner).await;
    }
}

//! Tests of `insert`, the only operation that cleans up.

use uuid::Uuid;

use super::{HOUR, MANY, Suite};
use crate::clock::Timestamp;
use crate::family::{Family, Swap};
use crate::owner::Owner;

impl Suite {
    pub(super) async fn insert_drops_only_ended_families(&self, owner: &Owner) {
        let ended = Family { idle_end: self.now + HOUR, ..self.family() };
        let living = Family { idle_end: self.now + 3 * HOUR, ..self.family() };
        let new = Family { idle_end: self.now + 3 * HOUR, ..self.family() };
        self.insert(owner, &ended).await;
        self.insert(owner, &living).await;
        let dropped = self.insert_at(owner, &new, self.now + 2 * HOUR, MANY).await;
        assert_eq!(dropped, Vec::<Uuid>::new(), "ended families are not returned");
        let left = self.list(owner).await;
        assert!(left.contains(&living) && left.contains(&new), "live families are kept: {left:?}");
        assert!(!left.contains(&ended), "a login drops ended families");
        self.remove_all(owner).await;
    }

    pub(super) async fn insert_beyond_the_limit_drops_the_least_recently_used_families(&self, owner: &Owner) {
        let begun = |minutes: u64| Family {
            created_at: Timestamp::from_millis(self.now.as_millis() - minutes * 60_000),
            ..self.family()
        };
        let [first, second, third] = [begun(30), begun(20), begun(10)];
        for family in [&first, &second, &third] {
            self.insert(owner, family).await;
        }
        // The first family has just been used, so it is dropped last.
        self.compare_and_swap(owner, first.sid, &self.swap(first.current)).await;

        let fourth = self.family();
        let dropped = self.insert_at(owner, &fourth, self.now, 2).await;
        assert_eq!(
            dropped,
            [second.sid, third.sid],
            "a login beyond the limit drops the least recently used families"
        );
        let mut left: Vec<Uuid> = self.list(owner).await.into_iter().map(|family| family.sid).collect();
        left.sort();
        let mut expected = [first.sid, fourth.sid];
        expected.sort();
        assert_eq!(left, expected, "a login beyond the limit keeps the other families");

        // The answer was lost, so the caller inserts the family again.
        let again = self.insert_at(owner, &fourth, self.now, 2).await;
        assert_eq!(again, Vec::<Uuid>::new(), "a repeated insertion drops no other family");
        let mut left: Vec<Uuid> = self.list(owner).await.into_iter().map(|family| family.sid).collect();
        left.sort();
        assert_eq!(left, expected, "a repeated insertion counts once");
        self.remove_all(owner).await;
    }

    pub(super) async fn families_without_a_refresh_token_have_a_limit_of_their_own(&self, owner: &Owner) {
        let begun = |minutes: u64| Family {
            created_at: Timestamp::from_millis(self.now.as_millis() - minutes * 60_000),
            ..self.family()
        };
        let without = |minutes: u64| Family { current: Uuid::nil(), ..begun(minutes) };
        let [token, older] = [without(30), without(40)];
        let [login, newer] = [begun(20), begun(10)];
        for family in [&token, &login] {
            self.insert(owner, family).await;
        }
        let dropped = self.insert_at(owner, &newer, self.now, 1).await;
        assert_eq!(dropped, [login.sid], "a login does not drop a family without a refresh token");
        let dropped = self.insert_at(owner, &older, self.now, 1).await;
        assert_eq!(dropped, [token.sid], "a family without a refresh token does not drop a login");
        let mut left = self.list(owner).await;
        left.sort_by_key(|family| family.created_at);
        assert_eq!(left, [older, newer], "both limits leave the other families");
        self.remove_all(owner).await;
    }

    pub(super) async fn a_refresh_with_a_slow_clock_does_not_make_a_family_older(&self, owner: &Owner) {
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
        assert_eq!(dropped, [old.sid], "a family was last used no earlier than it began");
        self.remove_all(owner).await;
    }
}

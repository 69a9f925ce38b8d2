//! Tests that every store passes: run them against one of your own.
//!
//! ```
//! use jwt_auth::store::{MemoryStore, conformance};
//!
//! # rocket::async_test(async {
//! conformance::check(MemoryStore::new()).await;
//! # })
//! ```

mod feed;
mod insert;
mod swap;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::RefreshStore;
use crate::clock::Timestamp;
use crate::family::{Device, Family, Swap, SwapOutcome};

/// Subjects that a store could trip over: every test is run for each.
const SUBJECTS: [&str; 9] = [
    "1",
    "alice",
    "{a}{b}",
    "a*?[b]",
    "a\r\nb\0c",
    "a:b/c d",
    "'; DROP TABLE families; --",
    "ünïcødé 🔑",
    "A",
];

const MANY: usize = 100;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Runs every test against the store, which may hold families of other subjects.
///
/// A [feed](RefreshStore::feed), if the store has one, is tested with it.
///
/// The subjects that it uses are told apart from those of an earlier run. Nothing is left behind but
/// families that have ended, judged by a clock that stands near the system's.
///
/// # Panics
///
/// The store does not do what [`RefreshStore`] asks; the message says in what.
pub async fn check(store: impl RefreshStore) {
    let suite =
        Suite { store: Arc::new(store), run: Uuid::new_v4(), now: std::time::SystemTime::now().into() };
    let long = "x".repeat(10_000);
    for subject in SUBJECTS.into_iter().chain([long.as_str()]) {
        let subject = format!("{subject} {}", suite.run);
        suite.a_family_reads_back(&subject).await;
        suite.a_swap_is_done_for_the_current_token_alone(&subject).await;
        suite.a_swap_that_was_forgotten_is_made_good(&subject).await;
        suite.a_swap_does_not_move_the_absolute_end(&subject).await;
        suite.an_ended_family_is_not_swapped(&subject).await;
        suite.a_removed_family_is_not_swapped(&subject).await;
        suite.families_of_a_subject_do_not_touch_each_other(&subject).await;
        suite.inserting_drops_what_has_ended_and_nothing_else(&subject).await;
        suite.inserting_beyond_the_limit_drops_what_was_used_longest_ago(&subject).await;
        suite.a_refresh_by_a_clock_that_is_behind_makes_no_family_older(&subject).await;
        suite.of_many_swaps_at_once_one_is_done(&subject).await;
    }
    suite.subjects_do_not_touch_each_other().await;
    suite.a_feed_tells_what_was_ended().await;
}

struct Suite {
    store: Arc<dyn RefreshStore>,
    run: Uuid,
    now: Timestamp,
}

impl Suite {
    async fn a_family_reads_back(&self, subject: &str) {
        let what = "a family that was inserted";
        let mut family = self.family();
        family.device = Device::new("Mozilla/5.0 (ünïcødé) \"quoted\"")
            .with_label("Änne's phone: {a}*\\")
            .with_ip(IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1]));
        self.insert(subject, &family).await;
        self.insert(subject, &family).await;
        assert_eq!(
            self.list(subject).await,
            [family.clone()],
            "{what} is listed, once, as it was: {subject:?}"
        );
        family.device = Device::default();
        assert_eq!(
            self.find(subject, family.sid).await,
            Some(family.clone()),
            "{what} is found: {subject:?}"
        );
        assert!(self.remove(subject, family.sid).await, "{what} is there to be removed: {subject:?}");
        assert!(!self.remove(subject, family.sid).await, "{what} is removed once: {subject:?}");
        assert_eq!(self.list(subject).await, [], "{what} and removed is not listed: {subject:?}");
        assert_eq!(
            self.find(subject, family.sid).await,
            None,
            "{what} and removed is not found: {subject:?}"
        );
    }

    async fn families_of_a_subject_do_not_touch_each_other(&self, subject: &str) {
        let families = [self.family(), self.family(), self.family()];
        for family in &families {
            self.insert(subject, family).await;
        }
        let [first, second, third] = &families;
        self.compare_and_swap(subject, first.sid, &self.swap(first.current)).await;
        self.remove(subject, second.sid).await;
        let left = self.list(subject).await;
        assert_eq!(left.len(), 2, "removing one family leaves the others");
        assert!(left.contains(third), "swapping one family leaves the others");

        let mut removed = self.remove_all(subject).await;
        removed.sort();
        let mut expected = [first.sid, third.sid];
        expected.sort();
        assert_eq!(removed, expected, "removing all tells which there were");
        assert_eq!(self.list(subject).await, [], "removing all leaves none");
        let none = self.remove_all(subject).await;
        assert_eq!(none, Vec::<Uuid>::new(), "removing all of none is no error");
    }

    async fn subjects_do_not_touch_each_other(&self) {
        let subjects: Vec<String> =
            SUBJECTS.iter().map(|subject| format!("{subject} {}", self.run)).collect();
        let family = self.family();
        for subject in &subjects {
            self.insert(subject, &family).await;
        }
        for (left, subject) in subjects.iter().enumerate().rev() {
            self.remove_all(subject).await;
            for (i, other) in subjects.iter().enumerate() {
                let expected = usize::from(i < left);
                assert_eq!(
                    self.list(other).await.len(),
                    expected,
                    "removing {subject:?} concerns {other:?} not"
                );
            }
        }
    }

    /// Begun now, with an idle end in ten hours and an absolute end in twenty.
    fn family(&self) -> Family {
        Family {
            sid: Uuid::new_v4(),
            current: Uuid::new_v4(),
            generation: 0,
            previous: None,
            created_at: self.now,
            idle_end: self.now + 10 * HOUR,
            absolute_end: self.now + 20 * HOUR,
            device: Device::default(),
        }
    }

    fn swap(&self, presented: Uuid) -> Swap {
        let (next, idle_end) = (Uuid::new_v4(), self.now + 11 * HOUR);
        Swap { presented, generation: 0, next, now: self.now, idle_end }
    }

    async fn insert(&self, subject: &str, family: &Family) {
        let dropped = self.store.insert(subject, family, self.now, MANY).await.expect("the store works");
        assert_eq!(dropped, Vec::<Uuid>::new(), "where there is room, nothing goes");
    }

    async fn compare_and_swap(&self, subject: &str, sid: Uuid, swap: &Swap) -> SwapOutcome {
        self.store.compare_and_swap(subject, sid, swap).await.expect("the store works")
    }

    async fn list(&self, subject: &str) -> Vec<Family> {
        self.store.list(subject).await.expect("the store works")
    }

    /// Finding need not tell of the device.
    async fn find(&self, subject: &str, sid: Uuid) -> Option<Family> {
        let found = self.store.find(subject, sid).await.expect("the store works");
        found.map(|family| Family { device: Device::default(), ..family })
    }

    async fn remove_all(&self, subject: &str) -> Vec<Uuid> {
        self.store.remove_all(subject, self.now).await.expect("the store works")
    }

    async fn remove(&self, subject: &str, sid: Uuid) -> bool {
        self.store.remove(subject, sid).await.expect("the store works")
    }
}

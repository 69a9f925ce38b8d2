//! A test suite that every store must pass. Run it against your own store:
//!
//! ```
//! use jwt_auth::store::{MemoryStore, conformance};
//!
//! # rocket::async_test(async {
//! conformance::check(MemoryStore::new()).await;
//! # })
//! ```

mod attempts;
mod elevation;
mod feed;
mod insert;
mod revision;
mod swap;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::{Context, RefreshStore};
use crate::clock::Timestamp;
use crate::family::{Device, Elevation, Family, Swap, SwapOutcome};
use crate::owner::{Owner, Revision};

/// Subjects that a store might handle incorrectly. Most tests run for each of them.
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

/// Runs every test against the store, which may contain families of other owners. If the store has a
/// [feed](RefreshStore::feed), or [attempts](RefreshStore::attempts), the suite also tests these.
///
/// Each run uses new owners, and leaves nothing behind except revisions and families that have ended.
///
/// # Panics
///
/// Panics if the store does not behave as [`RefreshStore`] requires. The message names the difference.
pub async fn check(store: impl RefreshStore) {
    let suite =
        Suite { store: Arc::new(store), run: Uuid::new_v4(), now: std::time::SystemTime::now().into() };
    let long = "x".repeat(10_000);
    for subject in SUBJECTS.into_iter().chain([long.as_str()]) {
        let owner = suite.owner(subject);
        suite.a_family_reads_back(&owner).await;
        suite.only_the_current_token_is_swapped(&owner).await;
        suite.a_lost_swap_is_recovered(&owner).await;
        suite.only_the_current_generation_is_confirmed_until_the_next_swap(&owner).await;
        suite.a_swap_records_an_elevation(&owner).await;
        suite.only_a_token_that_gets_a_successor_records_an_elevation(&owner).await;
        suite.a_swap_does_not_move_the_absolute_end(&owner).await;
        suite.an_ended_family_is_not_swapped(&owner).await;
        suite.a_removed_family_is_not_swapped(&owner).await;
        suite.a_family_without_a_refresh_token_is_not_swapped(&owner).await;
        suite.families_of_an_owner_do_not_affect_each_other(&owner).await;
        suite.insert_drops_only_ended_families(&owner).await;
        suite.insert_beyond_the_limit_drops_the_least_recently_used_families(&owner).await;
        suite.families_without_a_refresh_token_have_a_limit_of_their_own(&owner).await;
        suite.a_refresh_with_a_slow_clock_does_not_make_a_family_older(&owner).await;
        suite.one_of_many_concurrent_swaps_succeeds(&owner).await;
        suite.each_remove_all_assigns_a_later_revision(&owner).await;
        suite.a_store_continues_from_the_revision_that_the_caller_knows(&owner).await;
        suite.remove_all_spares_one_family(&owner).await;
    }
    suite.owners_do_not_affect_each_other().await;
    suite.a_feed_returns_every_revocation().await;
    suite.attempts_are_limited_as_defined().await;
}

struct Suite {
    store: Arc<dyn RefreshStore>,
    run: Uuid,
    now: Timestamp,
}

impl Suite {
    async fn a_family_reads_back(&self, owner: &Owner) {
        let what = "an inserted family";
        let mut family = self.family();
        family.device = Device::new("Mozilla/5.0 (ünïcødé) \"quoted\"")
            .with_label("Änne's phone: {a}*\\")
            .with_ip(IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1]));
        family.elevation = Some(Elevation::new(self.now, self.now + HOUR, Some("ünïcødé:mfa".to_owned())));
        self.insert(owner, &family).await;
        self.insert(owner, &family).await;
        assert_eq!(self.list(owner).await, [family.clone()], "{what} is listed once, unchanged: {owner:?}");
        family.device = Device::default();
        assert_eq!(
            self.find(owner, family.sid).await,
            Some(family.clone()),
            "{what} can be found: {owner:?}"
        );
        assert!(self.remove(owner, family.sid).await, "{what} can be removed: {owner:?}");
        assert!(!self.remove(owner, family.sid).await, "{what} can be removed only once: {owner:?}");
        assert_eq!(self.list(owner).await, [], "a removed family is not listed: {owner:?}");
        assert_eq!(self.find(owner, family.sid).await, None, "a removed family cannot be found: {owner:?}");
    }

    async fn families_of_an_owner_do_not_affect_each_other(&self, owner: &Owner) {
        let families = [self.family(), self.family(), self.family()];
        for family in &families {
            self.insert(owner, family).await;
        }
        let [first, second, third] = &families;
        self.compare_and_swap(owner, first.sid, &self.swap(first.current)).await;
        self.remove(owner, second.sid).await;
        let left = self.list(owner).await;
        assert_eq!(left.len(), 2, "removing one family leaves the others");
        assert!(left.contains(third), "swapping one family leaves the others");

        let mut removed = self.remove_all(owner).await;
        removed.sort();
        let mut expected = [first.sid, third.sid];
        expected.sort();
        assert_eq!(removed, expected, "`remove_all` returns the families that it removed");
        assert_eq!(self.list(owner).await, [], "`remove_all` leaves no family");
        let none = self.remove_all(owner).await;
        assert_eq!(none, Vec::<Uuid>::new(), "`remove_all` succeeds if there are no families");
    }

    async fn owners_do_not_affect_each_other(&self) {
        let subjects = SUBJECTS.map(|subject| self.owner(subject));
        let same = &self.run.to_string();
        let apps = [None, Some(""), Some("https://a.example"), Some("https://b.example")];
        let kinds = [None, Some(""), Some("devices"), Some("https://a.example")];
        let others = apps.into_iter().flat_map(|app| kinds.map(|kind| Owner::new(app, kind, same)));
        let owners: Vec<Owner> = subjects.into_iter().chain(others).collect();
        let family = self.family();
        for owner in &owners {
            self.insert(owner, &family).await;
        }
        for (left, owner) in owners.iter().enumerate().rev() {
            let removed = self.store.remove_all(owner, None, &self.context()).await.expect("the store works");
            for (i, other) in owners.iter().enumerate() {
                let expected = usize::from(i < left);
                assert_eq!(
                    self.list(other).await.len(),
                    expected,
                    "removing the families of {owner:?} leaves those of {other:?}"
                );
                if i < left {
                    let revision = self.revision(other, Revision::default()).await;
                    assert_ne!(
                        revision, removed.revision,
                        "removing the families of {owner:?} leaves the revision of {other:?}"
                    );
                }
            }
        }
    }

    /// Returns an owner that no earlier run has used.
    fn owner(&self, subject: &str) -> Owner {
        Owner::new(Some("conformance"), None, &format!("{subject} {}", self.run))
    }

    fn context(&self) -> Context {
        Context::new(self.now, Revision::default(), HOUR)
    }

    /// Returns a family that begins now, with an idle end in 10 hours and an absolute end in 20.
    fn family(&self) -> Family {
        Family {
            sid: Uuid::new_v4(),
            current: Uuid::new_v4(),
            generation: 0,
            previous: None,
            confirmed: false,
            created_at: self.now,
            idle_end: self.now + 10 * HOUR,
            absolute_end: self.now + 20 * HOUR,
            elevation: None,
            device: Device::default(),
        }
    }

    fn swap(&self, presented: Uuid) -> Swap {
        Swap::new(presented, 0, Uuid::new_v4(), self.now, self.now + 11 * HOUR)
    }

    async fn insert(&self, owner: &Owner, family: &Family) {
        let dropped = self.insert_at(owner, family, self.now, MANY).await;
        assert_eq!(dropped, Vec::<Uuid>::new(), "no family is dropped while there is room");
    }

    async fn insert_at(
        &self,
        owner: &Owner,
        family: &Family,
        now: Timestamp,
        max_sessions: usize,
    ) -> Vec<Uuid> {
        let context = Context { now, ..self.context() };
        self.store.insert(owner, family, max_sessions, &context).await.expect("the store works").dropped
    }

    async fn compare_and_swap(&self, owner: &Owner, sid: Uuid, swap: &Swap) -> SwapOutcome {
        let swapped = self.store.compare_and_swap(owner, sid, swap, &self.context()).await;
        swapped.expect("the store works").outcome
    }

    async fn confirm(&self, owner: &Owner, sid: Uuid, generation: u32, now: Timestamp) {
        self.store.confirm(owner, sid, generation, now).await.expect("the store works");
    }

    async fn list(&self, owner: &Owner) -> Vec<Family> {
        self.store.list(owner).await.expect("the store works")
    }

    /// Finds a family, without its device, which `find` may leave out.
    async fn find(&self, owner: &Owner, sid: Uuid) -> Option<Family> {
        let found = self.store.find(owner, sid).await.expect("the store works");
        found.map(|family| Family { device: Device::default(), ..family })
    }

    async fn revision(&self, owner: &Owner, heard: Revision) -> Revision {
        let context = Context { heard, ..self.context() };
        self.store.revision(owner, &context).await.expect("the store works")
    }

    async fn remove_all(&self, owner: &Owner) -> Vec<Uuid> {
        self.store.remove_all(owner, None, &self.context()).await.expect("the store works").sids
    }

    async fn remove(&self, owner: &Owner, sid: Uuid) -> bool {
        self.store.remove(owner, sid, &self.context()).await.expect("the store works")
    }
}

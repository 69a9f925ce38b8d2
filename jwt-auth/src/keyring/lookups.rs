//! The names of keys that tokens asked for and that their issuer does not have.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::time::Duration;

use foldhash::quality::RandomState;
use rocket::tokio::time::Instant;

/// How many fetches unknown names may cause at once. After that, they may cause one per cooldown.
const BURST: u32 = 4;

/// The maximum number of names that are remembered.
const REMEMBERED: usize = 1024;

/// What is known about names that were looked for.
#[derive(Default)]
pub(super) struct Lookups {
    hasher: RandomState,
    /// When a name was last looked for without success, by its hash.
    missing: HashMap<u64, Instant>,
    /// When all fetches so far have been paid for, at one per cooldown.
    paid_at: Option<Instant>,
}

impl Lookups {
    /// Returns whether a name was looked for a moment ago, and was missing.
    pub(super) fn is_missing(&self, name: Option<&str>, now: Instant, cooldown: Duration) -> bool {
        let looked_for = self.missing.get(&self.hasher.hash_one(name));
        looked_for.is_some_and(|at| now.duration_since(*at) < cooldown)
    }

    pub(super) fn set_missing(&mut self, name: Option<&str>, now: Instant, cooldown: Duration) {
        if self.missing.len() >= REMEMBERED {
            self.missing.retain(|_, at| now.duration_since(*at) < cooldown);
        }
        if self.missing.len() < REMEMBERED {
            self.missing.insert(self.hasher.hash_one(name), now);
        }
    }

    /// Returns whether an unknown name may cause a fetch now, and counts that fetch.
    pub(super) fn may_fetch(&mut self, now: Instant, cooldown: Duration) -> bool {
        let paid_at = self.paid_at.map_or(now, |at| at.max(now)) + cooldown;
        let may = paid_at.duration_since(now) <= cooldown * BURST;
        if may {
            self.paid_at = Some(paid_at);
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COOLDOWN: Duration = Duration::from_secs(30);

    #[test]
    fn a_flood_of_names_causes_a_few_fetches_at_once_and_then_one_per_cooldown() {
        let (mut lookups, start) = (Lookups::default(), Instant::now());
        let fetches = |lookups: &mut Lookups, seconds: std::ops::Range<u64>| {
            seconds.filter(|s| lookups.may_fetch(start + Duration::from_secs(*s), COOLDOWN)).count()
        };
        assert_eq!(fetches(&mut lookups, 0..10), BURST as usize);
        assert_eq!(fetches(&mut lookups, 10..610), 20);
        assert_eq!(fetches(&mut lookups, 2000..2010), BURST as usize, "a quiet time pays for the next burst");
    }

    #[test]
    fn a_missing_name_is_remembered_for_a_moment() {
        let (mut lookups, start) = (Lookups::default(), Instant::now());
        lookups.set_missing(Some("a"), start, COOLDOWN);
        for (name, after, expected) in [
            (Some("a"), 0, true),
            (Some("a"), 29, true),
            (Some("a"), 30, false),
            (Some("b"), 0, false),
            (None, 0, false),
        ] {
            assert_eq!(lookups.is_missing(name, start + Duration::from_secs(after), COOLDOWN), expected);
        }
        for number in 0..10 * REMEMBERED {
            lookups.set_missing(Some(&number.to_string()), start, COOLDOWN);
        }
        assert!(lookups.missing.len() <= REMEMBERED);
    }
}

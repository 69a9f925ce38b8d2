//! Log lines about errors that many requests have at once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::error::Error;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::chain::Chain;

/// A cause is logged once in this time.
const PAUSE: Duration = Duration::from_secs(1);

/// The number of causes that are remembered.
const CAUSES: usize = 64;

static LOGGED: LazyLock<Mutex<HashMap<String, Logged>>> = LazyLock::new(Mutex::default);

struct Logged {
    at: Instant,
    /// How often the cause came up since then.
    more: usize,
}

/// Counts an error of a request. Returns how many requests had it since it was last logged, or `None` if that was less than
/// a second ago, so that it must not be logged again.
pub(crate) fn count_repeats(error: &(dyn Error + 'static)) -> Option<usize> {
    let cause = Chain(error).to_string();
    count(&mut LOGGED.lock().unwrap_or_else(PoisonError::into_inner), &cause, Instant::now())
}

/// Counts an error. Returns how many were not logged since the last line, or `None` if this one is not logged either.
fn count(logged: &mut HashMap<String, Logged>, cause: &str, now: Instant) -> Option<usize> {
    if logged.len() >= CAUSES {
        logged.retain(|_, line| now.duration_since(line.at) < PAUSE);
    }
    if logged.len() >= CAUSES && !logged.contains_key(cause) {
        return Some(0);
    }
    match logged.entry(cause.to_owned()) {
        Entry::Occupied(mut line) if now.duration_since(line.get().at) < PAUSE => {
            line.get_mut().more += 1;
            None
        }
        Entry::Occupied(mut line) => Some(line.insert(Logged { at: now, more: 0 }).more),
        Entry::Vacant(place) => {
            place.insert(Logged { at: now, more: 0 });
            Some(0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_is_logged_once_per_second() {
        let (mut logged, start) = (HashMap::new(), Instant::now());
        let mut at = |cause: &str, millis| count(&mut logged, cause, start + Duration::from_millis(millis));
        assert_eq!(at("down", 0), Some(0));
        assert_eq!(at("down", 1), None);
        assert_eq!(at("full", 2), Some(0), "another cause");
        assert_eq!(at("down", 999), None);
        assert_eq!(at("down", 1_000), Some(2));
        assert_eq!(at("down", 1_500), None);
        assert_eq!(at("down", 9_000), Some(1));
    }

    #[test]
    fn the_number_of_causes_is_bounded() {
        let (mut logged, now) = (HashMap::new(), Instant::now());
        for number in 0..1_000 {
            assert_eq!(count(&mut logged, &number.to_string(), now), Some(0));
        }
        assert!(logged.len() <= CAUSES);
        assert_eq!(count(&mut logged, "later", now + PAUSE), Some(0));
        assert_eq!(logged.len(), 1);
    }
}

//! The budgets of networks, in this process.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use quick_cache::sync::Cache;

use super::gcra;
use super::network::Network;
use crate::clock::Timestamp;
use crate::config::Budget;

/// The maximum number of networks. Beyond that, the cache forgets networks that have made no attempt for a while.
const MAX: usize = 65_536;

/// The budgets of networks.
pub(crate) struct Networks {
    budget: Option<Budget>,
    full_at: Cache<Network, Arc<Mutex<Timestamp>>>,
}

impl Networks {
    pub(crate) fn new(budget: Option<Budget>) -> Self {
        Self { budget, full_at: Cache::new(MAX) }
    }

    /// Returns whether no attempt is limited.
    pub(crate) fn are_off(&self) -> bool {
        self.budget.is_none()
    }

    /// Takes one attempt from the budget of a network.
    ///
    /// # Errors
    ///
    /// The budget is used up. Returns how long to wait for the next attempt.
    pub(crate) fn take(&self, network: Network, now: Timestamp) -> Result<(), Duration> {
        let Some(budget) = self.budget else { return Ok(()) };
        let new = || Ok::<_, Duration>(Arc::new(Mutex::new(now)));
        let full_at = self.full_at.get_or_insert_with(&network, new)?;
        let mut full_at = full_at.lock().unwrap_or_else(PoisonError::into_inner);
        *full_at = gcra::correct(*full_at, budget.whole(), now);
        *full_at = gcra::take(budget, *full_at, now)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn each_network_has_a_budget() {
        let networks = Networks::new(Some(Budget::new(2, Duration::from_secs(10))));
        let [one, other] = [1, 2].map(|last| Network::of(Ipv4Addr::new(192, 0, 2, last).into()));
        let start = Timestamp::from_secs(1_700_000_000);
        assert_eq!(networks.take(one, start), Ok(()));
        assert_eq!(networks.take(one, start), Ok(()));
        assert_eq!(networks.take(one, start), Err(Duration::from_secs(5)));
        assert_eq!(networks.take(other, start), Ok(()));
        assert_eq!(networks.take(one, start + Duration::from_secs(5)), Ok(()));
        assert_eq!(networks.take(one, start + Duration::from_secs(9)), Err(Duration::from_secs(1)));
    }

    #[test]
    fn the_number_of_networks_is_bounded() {
        let networks = Networks::new(Some(Budget::new(1, Duration::from_secs(10))));
        for number in 0..3 * u32::try_from(MAX).expect("the maximum fits") {
            let _ = networks.take(Network::of(Ipv4Addr::from(number).into()), Timestamp::from_secs(1));
        }
        assert!(networks.full_at.len() <= MAX);
    }

    #[test]
    fn without_a_budget_every_attempt_is_permitted() {
        let networks = Networks::new(None);
        for _ in 0..1_000 {
            assert_eq!(networks.take(Network::UNKNOWN, Timestamp::from_secs(1)), Ok(()));
        }
        assert!(networks.full_at.is_empty());
    }
}

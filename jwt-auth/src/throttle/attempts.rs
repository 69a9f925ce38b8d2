//! The attempts on an account.

use std::cmp::Reverse;
use std::time::Duration;

use super::account::Account;
use super::gcra;
use super::network::Network;
use crate::clock::Timestamp;
use crate::config::Budget;
use crate::error::ThrottleLimit;

/// A time in the past, for an event that has not happened.
const NEVER: Timestamp = Timestamp::from_millis(0);

/// An attempt to sign in, which a store counts.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Attempt {
    /// The account.
    pub account: Account,
    /// The network from which the attempt comes.
    pub network: Network,
    /// The limits in the settings of the calling process.
    pub limits: AttemptLimits,
    /// The current time by the app's clock.
    pub now: Timestamp,
}

/// The limits on attempts on an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttemptLimits {
    /// The budget of each network for failed attempts. `None`: no limit.
    pub account: Option<Budget>,
    /// The budget of all networks together that are new to the account, for failed attempts. `None`: no limit.
    pub new_networks: Option<Budget>,
    /// How long a network is known to the account after a sign-in.
    pub remember: Duration,
}

/// Whether an attempt is permitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reservation {
    /// The attempt is permitted, and counts as a failure until it is [given back](Attempts::give_back).
    #[non_exhaustive]
    Reserved {
        /// Whether the network is known to the account.
        known: bool,
    },
    /// The attempt is not permitted, and does not count.
    #[non_exhaustive]
    Throttled {
        /// The limit that is used up. If two are, the one with the longer wait.
        limit: ThrottleLimit,
        /// How long to wait for the next attempt.
        retry_after: Duration,
    },
}

/// The attempts on an account: what a store keeps. It is bounded, and drops expired data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// When the budget of all new networks is full again.
    pub(super) new_networks: Timestamp,
    pub(super) networks: Vec<Failures>,
    pub(super) known: Vec<Known>,
}

/// The failed attempts from one network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failures {
    pub(super) network: Network,
    /// When the budget is full again.
    pub(super) full_at: Timestamp,
}

/// A network that is known to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) network: Network,
    pub(super) name: [u8; 8],
    pub(super) until: Timestamp,
}

impl Attempt {
    /// Creates an attempt.
    pub const fn new(account: Account, network: Network, limits: AttemptLimits, now: Timestamp) -> Self {
        Self { account, network, limits, now }
    }
}

impl AttemptLimits {
    /// Creates limits.
    pub const fn new(account: Option<Budget>, new_networks: Option<Budget>, remember: Duration) -> Self {
        Self { account, new_networks, remember }
    }

    /// Returns whether no attempt is limited.
    pub(crate) fn are_off(&self) -> bool {
        self.account.is_none() && self.new_networks.is_none()
    }
}

impl Reservation {
    /// Creates a reservation for a permitted attempt. `known` is whether the network is known to the account.
    pub const fn reserved(known: bool) -> Self {
        Self::Reserved { known }
    }

    /// Creates a reservation from the times to wait for the two budgets. Returns `None` if both are zero.
    pub fn throttled(account: Duration, new_networks: Duration) -> Option<Self> {
        let (limit, retry_after) = match new_networks > account {
            true => (ThrottleLimit::NewNetworks, new_networks),
            false => (ThrottleLimit::Account, account),
        };
        (!retry_after.is_zero()).then_some(Self::Throttled { limit, retry_after })
    }
}

impl Default for Attempts {
    fn default() -> Self {
        Self { new_networks: NEVER, networks: Vec::new(), known: Vec::new() }
    }
}

impl Attempts {
    /// The maximum number of networks whose failed attempts are counted.
    pub const MAX_NETWORKS: usize = 48;

    /// The maximum number of known networks.
    pub const MAX_KNOWN: usize = 64;

    /// Counts an attempt as a failure, if it is permitted.
    pub fn reserve(&mut self, attempt: &Attempt) -> Reservation {
        let Attempt { network, limits, now, .. } = *attempt;
        self.tidy(attempt);
        let known = self.known.iter().any(|known| known.is_of(attempt));
        let take =
            |budget: Option<Budget>, full_at| budget.map_or(Ok(full_at), |it| gcra::take(it, full_at, now));
        let account = take(limits.account, self.full_at(network));
        let new = take(limits.new_networks.filter(|_| !known), self.new_networks);
        match (account, new) {
            (Ok(full_at), Ok(new_networks)) => {
                self.new_networks = new_networks;
                self.set(network, full_at, now);
                Reservation::Reserved { known }
            }
            (account, new) => {
                let wait = |taken: Result<_, Duration>| taken.err().unwrap_or_default();
                Reservation::throttled(wait(account), wait(new)).expect("a budget is used up")
            }
        }
    }

    /// Gives a reserved attempt back, because it did not fail. `known` is what [`reserve`](Self::reserve) returned. If the
    /// user has signed in, their network is known from now on, unless it is [`Network::UNKNOWN`].
    pub fn give_back(&mut self, attempt: &Attempt, known: bool, signed_in: bool) {
        let Attempt { network, limits, now, .. } = *attempt;
        self.tidy(attempt);
        if let Some(budget) = limits.account {
            self.set(network, gcra::give_back(budget, self.full_at(network)), now);
        }
        if let Some(budget) = limits.new_networks.filter(|_| !known) {
            self.new_networks = gcra::give_back(budget, self.new_networks);
        }
        if signed_in && network != Network::UNKNOWN {
            self.known.retain(|known| !known.is_of(attempt));
            if self.known.len() >= Self::MAX_KNOWN {
                self.forget_one();
            }
            let (name, until) = (*attempt.account.name(), now + limits.remember);
            self.known.push(Known { network, name, until });
        }
        self.tidy(attempt);
    }

    /// Returns the time after which a store can delete the attempts.
    pub fn end(&self) -> Timestamp {
        let failures = self.networks.iter().map(|own| own.full_at);
        let known = self.known.iter().map(|known| known.until);
        failures.chain(known).fold(self.new_networks, Timestamp::max)
    }

    /// Drops what no longer matters, and corrects times that a clock which is ahead has written.
    fn tidy(&mut self, attempt: &Attempt) {
        let Attempt { limits, now, .. } = *attempt;
        let correct = |budget: Option<Budget>, full_at| {
            budget.map_or(full_at, |budget| gcra::correct(full_at, budget.whole(), now))
        };
        self.new_networks = correct(limits.new_networks, self.new_networks);
        for own in &mut self.networks {
            own.full_at = correct(limits.account, own.full_at);
        }
        for known in &mut self.known {
            known.until = gcra::correct(known.until, limits.remember, now);
        }
        if self.new_networks <= now {
            self.new_networks = NEVER;
        }
        self.networks.retain(|own| own.full_at > now);
        self.known.retain(|known| known.until > now);
    }

    fn full_at(&self, network: Network) -> Timestamp {
        self.networks.iter().find(|own| own.network == network).map_or(NEVER, |own| own.full_at)
    }

    /// Sets when the budget of a network is full again. If there are too many networks, drops the one with the fewest
    /// attempts.
    fn set(&mut self, network: Network, full_at: Timestamp, now: Timestamp) {
        self.networks.retain(|own| own.network != network);
        if full_at <= now {
            return;
        }
        if self.networks.len() >= Self::MAX_NETWORKS
            && let Some(least) = self.networks.iter().min_by_key(|own| own.full_at).copied()
        {
            self.networks.retain(|own| *own != least);
        }
        self.networks.push(Failures { network, full_at });
    }

    /// Forgets a known network of the name that has the most, so that one user does not displace the networks of another who
    /// has a similar name. It is the one with the earliest sign-in.
    fn forget_one(&mut self) {
        let count = |name| self.known.iter().filter(|known| known.name == name).count();
        let oldest = self.known.iter().max_by_key(|known| (count(known.name), Reverse(known.until))).copied();
        self.known.retain(|known| Some(*known) != oldest);
    }
}

impl Known {
    fn is_of(&self, attempt: &Attempt) -> bool {
        self.network == attempt.network && self.name == *attempt.account.name()
    }
}

#[cfg(test)]
#[path = "attempts_tests.rs"]
mod tests;

//! The attempts on an account.

use std::time::Duration;

use super::account::AccountDigest;
use super::gcra;
use super::network::Network;
use crate::clock::Timestamp;
use crate::config::Budget;
use crate::error::ThrottleLimit;

/// The time of what has never happened.
const NEVER: Timestamp = Timestamp::from_millis(0);

/// An attempt to sign in, which a store counts.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Attempt {
    /// The account.
    pub account: AccountDigest,
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
    /// The budget of all networks together that are known to the account, for failed attempts. `None`: no limit.
    pub known_networks: Option<Budget>,
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
        /// The limit that is used up. If several are, the one that is available later.
        limit: ThrottleLimit,
        /// How long to wait for the next attempt.
        retry_after: Duration,
    },
}

/// The attempts on an account: what a store keeps. It is bounded, and forgets on its own what no longer matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// When the budget of all new networks is full again.
    pub(super) new_networks: Timestamp,
    /// When the budget of all known networks is full again.
    pub(super) known_networks: Timestamp,
    pub(super) networks: Vec<NetworkAttempts>,
}

/// The attempts from one network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NetworkAttempts {
    pub(super) network: Network,
    /// When the budget is full again.
    pub(super) full_at: Timestamp,
    /// Until when the network is known to the account.
    pub(super) known_until: Timestamp,
}

impl Attempt {
    /// Creates an attempt.
    pub const fn new(
        account: AccountDigest,
        network: Network,
        limits: AttemptLimits,
        now: Timestamp,
    ) -> Self {
        Self { account, network, limits, now }
    }
}

impl AttemptLimits {
    /// Creates limits.
    pub const fn new(
        account: Option<Budget>,
        new_networks: Option<Budget>,
        known_networks: Option<Budget>,
        remember: Duration,
    ) -> Self {
        Self { account, new_networks, known_networks, remember }
    }

    /// Returns whether no attempt is limited.
    pub(crate) fn are_off(&self) -> bool {
        self.account.is_none() && self.new_networks.is_none() && self.known_networks.is_none()
    }

    /// Returns the budget that a network shares with all others that are as known to the account as it is.
    fn shared(&self, known: bool) -> Option<Budget> {
        if known { self.known_networks } else { self.new_networks }
    }
}

impl Reservation {
    /// An attempt that is permitted. `known` is whether the network is known to the account.
    pub const fn reserved(known: bool) -> Self {
        Self::Reserved { known }
    }

    /// The result for the times to wait for the budget of the network and for the one that it shares with all others that
    /// are as `known` to the account as it is. The time is zero for a budget that is not used up. Returns `None` if neither
    /// is.
    pub fn throttled(known: bool, account: Duration, shared: Duration) -> Option<Self> {
        let (limit, retry_after) = match (shared > account, known) {
            (true, true) => (ThrottleLimit::KnownNetworks, shared),
            (true, false) => (ThrottleLimit::NewNetworks, shared),
            (false, _) => (ThrottleLimit::Account, account),
        };
        (!retry_after.is_zero()).then_some(Self::Throttled { limit, retry_after })
    }
}

impl Default for Attempts {
    fn default() -> Self {
        Self { new_networks: NEVER, known_networks: NEVER, networks: Vec::new() }
    }
}

impl Attempts {
    /// The maximum number of networks.
    pub const MAX_NETWORKS: usize = 64;

    /// The maximum number of networks that are known to the account. The other places are for new networks, so that these
    /// never displace a known one.
    pub const MAX_KNOWN: usize = 48;

    /// Counts an attempt as a failure, if it is permitted.
    pub fn reserve(&mut self, attempt: &Attempt) -> Reservation {
        let Attempt { network, limits, now, .. } = *attempt;
        self.tidy(attempt);
        let mut own = self.find(network).unwrap_or(NetworkAttempts::new(network));
        let known = own.is_known(now);
        let take =
            |budget: Option<Budget>, full_at| budget.map_or(Ok(full_at), |it| gcra::take(it, full_at, now));
        let account = take(limits.account, own.full_at);
        let shared = take(limits.shared(known), *self.shared(known));
        match (account, shared) {
            (Ok(full_at), Ok(shared)) => {
                own.full_at = full_at;
                *self.shared(known) = shared;
                self.put(own);
                self.make_room(network);
                self.tidy(attempt);
                Reservation::Reserved { known }
            }
            (account, shared) => {
                let wait = |taken: Result<_, Duration>| taken.err().unwrap_or_default();
                Reservation::throttled(known, wait(account), wait(shared)).expect("a budget is used up")
            }
        }
    }

    /// Gives a reserved attempt back, because it did not fail. `known` is what [`reserve`](Self::reserve) returned. If the
    /// user has signed in, their network is known from now on.
    pub fn give_back(&mut self, attempt: &Attempt, known: bool, signed_in: bool) {
        let Attempt { network, limits, now, .. } = *attempt;
        self.tidy(attempt);
        let mut own = self.find(network).unwrap_or(NetworkAttempts::new(network));
        if let Some(budget) = limits.account {
            own.full_at = gcra::give_back(budget, own.full_at);
        }
        if let Some(budget) = limits.shared(known) {
            *self.shared(known) = gcra::give_back(budget, *self.shared(known));
        }
        if signed_in {
            own.known_until = now + limits.remember;
        }
        self.put(own);
        self.limit_known(network, now);
        self.make_room(network);
        self.tidy(attempt);
    }

    /// Returns when nothing of this matters any more.
    pub fn end(&self) -> Timestamp {
        let ends = self.networks.iter().map(|own| own.full_at.max(own.known_until));
        ends.fold(self.new_networks.max(self.known_networks), Timestamp::max)
    }

    /// Returns when the budget is full again that a network shares with all others that are as known as it is.
    fn shared(&mut self, known: bool) -> &mut Timestamp {
        if known { &mut self.known_networks } else { &mut self.new_networks }
    }

    /// Drops networks that no longer matter, and corrects times that a clock which is ahead has written.
    fn tidy(&mut self, attempt: &Attempt) {
        let Attempt { limits, now, .. } = *attempt;
        let correct = |budget: Option<Budget>, full_at| {
            budget.map_or(full_at, |budget| gcra::correct(budget, full_at, now))
        };
        self.new_networks = correct(limits.new_networks, self.new_networks);
        self.known_networks = correct(limits.known_networks, self.known_networks);
        for own in &mut self.networks {
            own.full_at = correct(limits.account, own.full_at);
            own.known_until = own.known_until.min(now + limits.remember);
        }
        self.networks.retain(|own| own.full_at > now || own.known_until > now);
    }

    /// If there are too many networks, drops the one with the fewest attempts that is not known, but never `kept`.
    fn make_room(&mut self, kept: Network) {
        if self.networks.len() > Self::MAX_NETWORKS {
            let others = self.networks.iter().filter(|own| own.network != kept);
            let least = others.min_by_key(|own| (own.known_until, own.full_at)).map(|own| own.network);
            self.networks.retain(|own| Some(own.network) != least);
        }
    }

    /// If too many networks are known, forgets the one with the earliest sign-in, but never `kept`.
    fn limit_known(&mut self, kept: Network, now: Timestamp) {
        let known = || self.networks.iter().filter(|own| own.is_known(now));
        if known().count() > Self::MAX_KNOWN {
            let others = known().filter(|own| own.network != kept);
            let oldest = others.min_by_key(|own| own.known_until).copied();
            oldest.into_iter().for_each(|oldest| self.put(NetworkAttempts { known_until: NEVER, ..oldest }));
        }
    }

    fn find(&self, network: Network) -> Option<NetworkAttempts> {
        self.networks.iter().find(|own| own.network == network).copied()
    }

    fn put(&mut self, new: NetworkAttempts) {
        match self.networks.iter_mut().find(|own| own.network == new.network) {
            Some(own) => *own = new,
            None => self.networks.push(new),
        }
    }
}

impl NetworkAttempts {
    fn new(network: Network) -> Self {
        Self { network, full_at: NEVER, known_until: NEVER }
    }

    fn is_known(&self, now: Timestamp) -> bool {
        self.known_until > now
    }
}

#[cfg(test)]
#[path = "attempts_tests.rs"]
mod tests;

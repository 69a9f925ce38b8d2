//! The limit that rejects an attempt to sign in.

use std::time::Duration;

/// The limit that an attempt to sign in exceeds. Responses do not reveal it to clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ThrottleLimit {
    /// All attempts from one network.
    Network,
    /// The failed attempts on one account from one network.
    Account,
    /// The failed attempts on one account from all networks that are new to it.
    NewNetworks,
}

/// There were too many attempts to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the budget `{}` is used up; the next attempt is permitted in {} s", .limit.name(), self.seconds())]
#[non_exhaustive]
pub struct Throttled {
    /// The limit.
    pub limit: ThrottleLimit,
    /// How long to wait for the next attempt.
    pub retry_after: Duration,
}

impl ThrottleLimit {
    /// Returns the name of the setting for this limit.
    pub fn name(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Account => "account",
            Self::NewNetworks => "new_networks",
        }
    }
}

impl Throttled {
    pub(crate) fn new(limit: ThrottleLimit, retry_after: Duration) -> Self {
        Self { limit, retry_after }
    }

    /// Returns the time to wait in whole seconds, at least one, as the header `Retry-After` contains it.
    pub(crate) fn seconds(&self) -> u64 {
        self.retry_after.as_millis().div_ceil(1_000).try_into().unwrap_or(u64::MAX).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_to_wait_is_rounded_up() {
        for (millis, expected) in [(0, 1), (1, 1), (1_000, 1), (1_001, 2), (90_000, 90)] {
            let throttled = Throttled::new(ThrottleLimit::Account, Duration::from_millis(millis));
            assert_eq!(throttled.seconds(), expected);
        }
    }
}

//! Limits on attempts to sign in.

use std::sync::Arc;

use super::Sessions;
use crate::config::ThrottleSettings;
use crate::error::{AuthError, ThrottleLimit, Throttled};
use crate::store::{AttemptStore, MemoryAttempts, RefreshStore};
use crate::throttle::{Account, Attempt, AttemptLimits, Network, Networks, Proxies, Reservation};

/// The limits on attempts to sign in, and the attempts so far.
pub(crate) struct Limiter {
    networks: Networks,
    attempts: Arc<dyn AttemptStore>,
    limits: AttemptLimits,
    pub(crate) proxies: Proxies,
}

impl Limiter {
    /// Creates a limiter. If the store has no attempts, this process counts them on its own.
    pub(crate) fn new(settings: ThrottleSettings, store: &dyn RefreshStore) -> Self {
        let ThrottleSettings { network, account, new_networks, remember, proxies } = settings;
        Self {
            networks: Networks::new(network),
            attempts: store.attempts().unwrap_or_else(|| Arc::new(MemoryAttempts::default())),
            limits: AttemptLimits::new(account, new_networks, remember),
            proxies: Proxies::new(proxies),
        }
    }

    /// Returns whether no attempt is limited.
    pub(crate) fn is_off(&self) -> bool {
        self.networks.are_off() && self.limits.are_off()
    }
}

impl Sessions {
    /// Counts an attempt to sign in from a network.
    ///
    /// # Errors
    ///
    /// There were too many attempts from it.
    pub(crate) fn admit(&self, network: Network) -> Result<(), AuthError> {
        let taken = self.limiter.networks.take(network, self.now());
        taken.map_err(|wait| Throttled::new(ThrottleLimit::Network, wait).into())
    }

    /// Checks credentials, unless there were too many failed attempts on the account. An attempt counts as a failure as soon as
    /// it begins, so concurrent attempts are limited like sequential ones. It is given back unless the check returns
    /// [`InvalidCredentials`](AuthError::InvalidCredentials), or does not return.
    pub(crate) async fn attempt<T>(
        &self,
        network: Network,
        (kind, account): (Option<&str>, &str),
        check: impl Future<Output = Result<T, AuthError>>,
    ) -> Result<T, AuthError> {
        let Limiter { attempts, limits, .. } = &self.limiter;
        if limits.are_off() {
            return check.await;
        }
        let account = Account::new(self.signer.app(), kind, account);
        let attempt = Attempt::new(account, network, *limits, self.now());
        let known = match self.store.in_time("reserve_attempt", attempts.reserve(&attempt)).await? {
            Reservation::Reserved { known } => known,
            Reservation::Throttled { limit, retry_after } => {
                return Err(Throttled::new(limit, retry_after).into());
            }
        };
        let checked = check.await;
        if !matches!(checked, Err(AuthError::InvalidCredentials)) {
            let attempt = Attempt { now: self.now(), ..attempt };
            let given_back = attempts.give_back(&attempt, known, checked.is_ok());
            // If the store does not answer, the attempt counts as a failure, and the network does not become known.
            let _ = self.store.in_time("give_back_attempt", given_back).await;
        }
        checked
    }
}

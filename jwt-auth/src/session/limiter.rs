//! Limits on attempts to sign in.

use std::net::IpAddr;
use std::sync::Arc;

use super::Sessions;
use crate::config::ThrottleSettings;
use crate::error::{AuthError, ThrottleLimit, Throttled};
use crate::store::{AttemptStore, MemoryAttempts, RefreshStore};
use crate::throttle::{AccountDigest, Attempt, AttemptLimits, Network, Networks, Proxies, Reservation};

/// The limits on attempts to sign in, and the attempts so far.
pub(crate) struct Limiter {
    networks: Networks,
    attempts: Arc<dyn AttemptStore>,
    limits: AttemptLimits,
    proxies: Proxies,
}

impl Limiter {
    /// Creates a limiter. If the store has no attempts, this process counts them on its own.
    pub(crate) fn new(settings: ThrottleSettings, store: &dyn RefreshStore) -> Self {
        let ThrottleSettings { network, account, new_networks, known_networks, remember, proxies } = settings;
        Self {
            networks: Networks::new(network),
            attempts: store.attempts().unwrap_or_else(|| Arc::new(MemoryAttempts::default())),
            limits: AttemptLimits::new(account, new_networks, known_networks, remember),
            proxies: Proxies::new(proxies),
        }
    }
}

impl Sessions {
    /// Returns the network of a client. `remote` is the address of the connection, and `forwarded` the header of proxies.
    pub(crate) fn network<'h>(
        &self,
        remote: Option<IpAddr>,
        forwarded: impl IntoIterator<Item = &'h str>,
    ) -> Network {
        self.limiter.proxies.client(remote, forwarded)
    }

    /// Counts an attempt to sign in from a network.
    ///
    /// # Errors
    ///
    /// There were too many attempts from it.
    pub(crate) fn admit(&self, network: Network) -> Result<(), AuthError> {
        let taken = self.limiter.networks.take(network, self.now());
        taken.map_err(|wait| Throttled::new(ThrottleLimit::Network, wait).into())
    }

    /// Checks credentials, unless there were too many failed attempts on the account. An attempt counts from its beginning, so
    /// that many attempts at once are as limited as one after the other. Only one that is rejected as
    /// [`InvalidCredentials`](AuthError::InvalidCredentials), or that does not return, still counts in the end.
    pub(crate) async fn attempt<T>(
        &self,
        network: Network,
        account: &str,
        check: impl Future<Output = Result<T, AuthError>>,
    ) -> Result<T, AuthError> {
        let Limiter { attempts, limits, .. } = &self.limiter;
        if limits.are_off() {
            return check.await;
        }
        let account = AccountDigest::of(self.signer.app(), account);
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
            // Otherwise, the attempt counts until it is forgotten.
            let _ = self.store.in_time("give_back_attempt", given_back).await;
        }
        checked
    }
}

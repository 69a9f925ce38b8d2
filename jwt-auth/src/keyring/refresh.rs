//! Refreshes fetched keys before they expire.

use std::sync::Weak;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use rocket::tokio::time::sleep;

use super::{Keyring, TrustedIssuer};

/// Fetches the keys of a trusted issuer for as long as the keyring exists: immediately, and again whenever four fifths
/// of their lifetime have passed.
pub(crate) async fn keep_fetched(keyring: Weak<Keyring>, number: usize) {
    let delays = || {
        let delays = ExponentialBuilder::default().with_min_delay(Duration::from_secs(1)).with_jitter();
        delays.with_max_delay(Duration::from_secs(60)).without_max_times().build()
    };
    let mut retries = delays();
    loop {
        let Some(strong) = keyring.upgrade() else { return };
        let wait = match fetch(&strong.trusted[number]).await {
            Ok(lifetime) => {
                retries = delays();
                lifetime * 4 / 5
            }
            Err(()) => retries.next().unwrap_or(Duration::from_secs(60)),
        };
        drop(strong);
        sleep(wait).await;
    }
}

async fn fetch(issuer: &TrustedIssuer) -> Result<Duration, ()> {
    let Some(remote) = &issuer.remote else { return Err(()) };
    remote.refresh(&issuer.keys).await.map_err(drop)
}

//! Keys that are fetched anew before they grow old.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use rocket::tokio::time::{Instant, sleep};

use crate::error::Chain;
use crate::jwt_auth::JwtAuth;
use crate::keyring::{KeySet, OtherIssuer};

/// For how long the last keys stay in force when their issuer does not answer. An outage of a day is mended by then;
/// and a key that was stolen is not in force for ever where somebody keeps the issuer from saying so.
const OUTAGE: Duration = Duration::from_secs(24 * 60 * 60);

/// Fetches the keys of this issuer for as long as the app lives: at once, and again when four fifths of their life
/// are over.
pub(crate) async fn keep_fetched(auth: impl Fn() -> Option<JwtAuth> + Send + 'static, number: usize) {
    let delays = || {
        let delays = ExponentialBuilder::default().with_min_delay(Duration::from_secs(1)).with_jitter();
        delays.with_max_delay(Duration::from_secs(60)).without_max_times().build()
    };
    let (mut tries, mut good) = (delays(), Instant::now());
    loop {
        let Some(app) = auth() else { return };
        let wait = match fetch(&app.keyring().others[number]).await {
            Ok(lifetime) => {
                (tries, good) = (delays(), Instant::now());
                lifetime * 4 / 5
            }
            Err(()) => {
                if good.elapsed() > OUTAGE {
                    drop_keys(&app.keyring().others[number]);
                }
                tries.next().unwrap_or(Duration::from_secs(60))
            }
        };
        drop(app);
        sleep(wait).await;
    }
}

async fn fetch(issuer: &OtherIssuer) -> Result<Duration, ()> {
    let Some(remote) = &issuer.remote else { return Err(()) };
    remote.refresh(&issuer.keys).await.map_err(|problem| {
        let kept =
            if issuer.keys.load().is_empty() { "its tokens are answered 503" } else { "the last ones stay" };
        log::warn!(
            "jwt-auth: the keys of {} could not be fetched, so {kept}: {}",
            issuer.name,
            Chain(&problem)
        );
    })
}

fn drop_keys(issuer: &OtherIssuer) {
    if !issuer.keys.load().is_empty() {
        issuer.keys.store(KeySet::default());
        log::error!(
            "jwt-auth: the keys of {} were last fetched a day ago, and are not used any more",
            issuer.name
        );
    }
}

//! Keys that are fetched anew before they grow old.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use rocket::tokio::time::sleep;

use crate::error::Chain;
use crate::jwt_auth::JwtAuth;
use crate::keyring::OtherIssuer;

/// Fetches the keys of this issuer for as long as the app lives: at once, and again when four fifths of their life
/// are over.
pub(crate) async fn keep_fetched(auth: impl Fn() -> Option<JwtAuth> + Send + 'static, number: usize) {
    let delays = || {
        let delays = ExponentialBuilder::default().with_min_delay(Duration::from_secs(1)).with_jitter();
        delays.with_max_delay(Duration::from_secs(60)).without_max_times().build()
    };
    let mut tries = delays();
    loop {
        let Some(app) = auth() else { return };
        let wait = match fetch(&app.keyring().others[number]).await {
            Ok(lifetime) => {
                tries = delays();
                lifetime * 4 / 5
            }
            Err(()) => tries.next().unwrap_or(Duration::from_secs(60)),
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

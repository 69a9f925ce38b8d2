//! Keys that other issuers publish (OpenID Connect Discovery 1.0; RFC 7517).
//!
//! A request is verified by the keys at hand. They are fetched anew before they grow old, in the background, and
//! when a token names a key that is not among them: then its request waits for that.

mod asked;
mod fetch;
mod keep;

use std::time::Duration;

use reqwest::Client;
use rocket::tokio::sync::{Mutex, Semaphore};
use rocket::tokio::time::{Instant, timeout};

use crate::config::{RemoteSettings, RemoteSource};
use crate::error::{Chain, StartupError};
use crate::keyring::{IssuerKeys, KeySet};
use fetch::{Fetched, Problem};
pub(crate) use keep::keep_fetched;

/// How long one try may take. Whoever waits for a key waits as long.
const PATIENCE: Duration = Duration::from_secs(5);

/// For how long the last keys stay in force when their issuer does not answer. An outage of a day is mended by then;
/// and a key that was stolen is not in force for ever where somebody keeps the issuer from saying so.
const OUTAGE: Duration = Duration::from_secs(24 * 60 * 60);

/// How many requests may wait for a key. Those beyond are refused: a flood of names that are not known holds up
/// nobody else.
const WAITING: usize = 64;

/// Where an issuer publishes its keys, and what came of asking.
pub(crate) struct Remote {
    issuer: String,
    settings: RemoteSettings,
    client: Client,
    /// Held by whoever fetches: one at a time.
    tries: Mutex<Tries>,
    waiting: Semaphore,
}

#[derive(Default)]
struct Tries {
    /// When the last one ended, and whether it was good.
    last: Option<(Instant, bool)>,
    /// When the last good one ended.
    good: Option<Instant>,
    /// The set that is in force, as it came.
    text: String,
}

/// What came of looking for a key.
enum Looked {
    /// What is at hand is what the issuer publishes.
    Published,
    /// Nobody can say what it publishes now.
    Unknown,
}

impl Remote {
    /// # Errors
    ///
    /// There is no TLS to be had on this machine.
    pub(crate) fn new(issuer: &str, settings: RemoteSettings) -> Result<Self, StartupError> {
        let client = fetch::client(!settings.allow_http).map_err(|error| {
            let problem = format!("cannot be asked for its keys: {}", Chain(&error));
            StartupError::setting(issuer, problem, "jwks = \"keys.json\"")
        })?;
        Ok(Self {
            issuer: issuer.to_owned(),
            settings,
            client,
            tries: Mutex::default(),
            waiting: Semaphore::new(WAITING),
        })
    }

    pub(crate) fn settings(&self) -> &RemoteSettings {
        &self.settings
    }

    /// Fetches the keys, and says for how long they may be kept. If that has failed for too long, there are none.
    async fn refresh(&self, keys: &IssuerKeys) -> Result<Duration, Problem> {
        let mut tries = self.tries.lock().await;
        let fetched = self.fetch(&mut tries, keys).await;
        let is_over = tries.good.is_some_and(|good| good.elapsed() > OUTAGE);
        if fetched.is_err() && is_over && !keys.load().is_empty() {
            keys.store(KeySet::default());
            tries.text.clear();
            log::error!(
                "jwt-auth: the keys of {} were last fetched a day ago, and are not used any more",
                self.issuer
            );
        }
        fetched
    }

    /// Fetches the keys if the one of this name is not among them, unless that was done just now.
    async fn look_for(&self, kid: Option<&str>, keys: &IssuerKeys) -> Looked {
        let Ok(_waits) = self.waiting.try_acquire() else { return Looked::Unknown };
        let mut tries = self.tries.lock().await;
        if keys.load().knows(kid) {
            return Looked::Published;
        }
        let is_good = match tries.last {
            Some((at, is_good)) if at.elapsed() < self.settings.cooldown => is_good,
            _ => match self.fetch(&mut tries, keys).await {
                Ok(_) => true,
                Err(problem) => {
                    log::warn!(
                        "jwt-auth: the keys of {} could not be fetched: {}",
                        self.issuer,
                        Chain(&problem)
                    );
                    false
                }
            },
        };
        if is_good { Looked::Published } else { Looked::Unknown }
    }

    async fn fetch(&self, tries: &mut Tries, keys: &IssuerKeys) -> Result<Duration, Problem> {
        let fetched = timeout(PATIENCE, self.published()).await.unwrap_or(Err(Problem::Slow));
        let fetched = fetched.and_then(|fetched| self.take(fetched, &mut tries.text, keys));
        let now = Instant::now();
        tries.last = Some((now, fetched.is_ok()));
        if fetched.is_ok() {
            tries.good = Some(now);
        }
        fetched
    }

    /// Puts what was fetched in force. What is in force already is left so: tokens that it verified are remembered.
    fn take(&self, fetched: Fetched, known: &mut String, keys: &IssuerKeys) -> Result<Duration, Problem> {
        if fetched.text != *known {
            let (set, skipped) =
                KeySet::published(&fetched.text, self.settings.algorithm).map_err(Problem::Set)?;
            for problem in skipped {
                log::debug!("jwt-auth: of the keys of {}, {problem}", self.issuer);
            }
            keys.store(set);
            *known = fetched.text;
            log::info!("jwt-auth: the keys of {} were fetched", self.issuer);
        }
        Ok(fetched.lifetime)
    }

    async fn published(&self) -> Result<Fetched, Problem> {
        match &self.settings.source {
            RemoteSource::JwkSet(url) => fetch::text(&self.client, url.clone()).await,
            RemoteSource::Discovery(url) => {
                let document = fetch::text(&self.client, url.clone()).await?.text;
                let url = fetch::jwks_uri(&document, &self.issuer)?;
                fetch::text(&self.client, url).await
            }
        }
    }
}

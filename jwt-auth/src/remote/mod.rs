//! Keys that other issuers publish (OpenID Connect Discovery 1.0; RFC 8414; RFC 7517).
//!
//! A request is verified by the keys at hand. They are fetched anew before they grow old, in the background, and
//! when a token names a key that is not among them: then its request waits for that.

mod asked;
mod fetch;
mod keep;

use std::time::Duration;

use reqwest::{Client, Url};
use rocket::tokio::sync::{Mutex, Semaphore};
use rocket::tokio::time::{Instant, timeout};

use crate::config::RemoteSettings;
use crate::error::{Chain, StartupError};
use crate::keyring::{IssuerKeys, KeySet};
use fetch::{Fetched, Problem};
pub(crate) use keep::keep_fetched;

/// How long one try may take. Whoever waits for a key waits as long.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many requests may wait for a key. Those beyond are refused: a flood of names that are not known holds up
/// nobody else.
const WAITING: usize = 64;

/// Where an issuer publishes its keys, and what came of asking.
pub(crate) struct Remote {
    issuer: String,
    source: Source,
    /// How long a name that is not known causes no other fetch: a flood of such names causes one in this time.
    cooldown: Duration,
    client: Client,
    /// Held by whoever fetches: one at a time.
    tries: Mutex<Tries>,
    waiting: Semaphore,
}

enum Source {
    /// A document of this URL says where.
    Discovery(Url),
    /// Here.
    JwkSet(Url),
}

#[derive(Default)]
struct Tries {
    last: Option<Instant>,
    /// The set that is in force, as it came.
    text: String,
}

impl Remote {
    /// # Errors
    ///
    /// There is no TLS to be had on this machine.
    pub(crate) fn new(issuer: &str, settings: &RemoteSettings) -> Result<Self, StartupError> {
        let client = fetch::client(!settings.allow_http).map_err(|error| {
            let problem = format!("cannot be asked for its keys: {}", Chain(&error));
            StartupError::setting(issuer, problem, "jwks = \"keys.json\"")
        })?;
        let source = match &settings.jwks_uri {
            Some(url) => Source::JwkSet(url.clone()),
            None => Source::Discovery(settings.discovery.clone()),
        };
        Ok(Self {
            issuer: issuer.to_owned(),
            source,
            cooldown: settings.cooldown,
            client,
            tries: Mutex::default(),
            waiting: Semaphore::new(WAITING),
        })
    }

    /// Fetches the keys, and says for how long they may be kept.
    async fn refresh(&self, keys: &IssuerKeys) -> Result<Duration, Problem> {
        let mut tries = self.tries.lock().await;
        self.fetch(&mut tries, keys).await
    }

    /// Fetches the keys if the one of this name is not among them, unless that was done just now.
    async fn look_for(&self, kid: Option<&str>, keys: &IssuerKeys) {
        let Ok(_waits) = self.waiting.try_acquire() else { return };
        let mut tries = self.tries.lock().await;
        let is_known = keys.load().knows(kid);
        if is_known || tries.last.is_some_and(|last| last.elapsed() < self.cooldown) {
            return;
        }
        if let Err(problem) = self.fetch(&mut tries, keys).await {
            log::warn!("jwt-auth: the keys of {} could not be fetched: {}", self.issuer, Chain(&problem));
        }
    }

    async fn fetch(&self, tries: &mut Tries, keys: &IssuerKeys) -> Result<Duration, Problem> {
        tries.last = Some(Instant::now());
        let Fetched { text, lifetime } =
            timeout(PATIENCE, self.published()).await.map_err(|_| Problem::Slow)??;
        // What is in force already is left so: tokens that it verified are remembered.
        if text != tries.text || keys.load().is_empty() {
            let (set, skipped) = KeySet::published(&text).map_err(Problem::Set)?;
            for problem in skipped {
                log::debug!("jwt-auth: of the keys of {}, {problem}", self.issuer);
            }
            keys.store(set);
            tries.text = text;
            log::info!("jwt-auth: the keys of {} were fetched", self.issuer);
        }
        Ok(lifetime)
    }

    async fn published(&self) -> Result<Fetched, Problem> {
        match &self.source {
            Source::JwkSet(url) => fetch::text(&self.client, url.clone()).await,
            Source::Discovery(url) => {
                let document = fetch::text(&self.client, url.clone()).await?.text;
                let url = fetch::jwks_uri(&document, &self.issuer)?;
                fetch::text(&self.client, url).await
            }
        }
    }
}

//! The keys that a trusted issuer publishes (OpenID Connect Discovery 1.0; RFC 7517).
//!
//! Tokens are verified with the keys at hand, which are refreshed in the background. If a token names an unknown key,
//! its request waits while the keys are fetched again.

use std::time::Duration;

use reqwest::Client;
use rocket::tokio::sync::{Mutex, Semaphore};
use rocket::tokio::time::{Instant, timeout};

use super::fetch::{self, FetchError, Fetched, PATIENCE};
use super::issuer_keys::IssuerKeys;
use super::jwk::NOT_FOR_SIGNATURES;
use super::key_set::KeySet;
use super::lookups::Lookups;
use crate::config::{RemoteSettings, RemoteSource};
use crate::error::{Chain, StartupError};
use crate::event::{Event, Observers, fetching_keys};

/// How long the last keys stay in force while their issuer does not answer: long enough to fix an outage, but not
/// forever, because an attacker could use an outage to keep a stolen key from being withdrawn.
const OUTAGE: Duration = Duration::from_secs(24 * 60 * 60);

/// The maximum number of requests that wait for a key. Further requests are rejected, so that a flood of unknown key
/// names does not hold up other requests.
const WAITING: usize = 64;

/// The place where an issuer publishes its keys, and the state of fetching them.
pub(crate) struct Remote {
    issuer: String,
    settings: RemoteSettings,
    client: Client,
    /// Locked by the fetch in progress, so there is only one at a time.
    state: Mutex<FetchState>,
    waiting: Semaphore,
    observers: Observers,
}

#[derive(Default)]
struct FetchState {
    last: Option<LastFetch>,
    lookups: Lookups,
    /// When the last successful fetch ended.
    last_success: Option<Instant>,
    /// The text of the JWK Set in force.
    text: String,
}

/// The last fetch.
#[derive(Clone, Copy)]
struct LastFetch {
    began: Instant,
    ended: Instant,
    succeeded: bool,
}

/// The keys of an issuer could not be fetched, so it is unknown whether it publishes a certain key.
#[derive(Debug, thiserror::Error)]
#[error("the keys of {0} could not be fetched")]
pub(crate) struct Unavailable(String);

impl Remote {
    /// Creates the HTTP client for an issuer. Does not fetch anything yet.
    ///
    /// # Errors
    ///
    /// TLS is not available on this machine.
    pub(super) fn new(
        issuer: &str,
        settings: RemoteSettings,
        observers: Observers,
    ) -> Result<Self, StartupError> {
        let client = fetch::client(!settings.allow_http).map_err(|error| {
            let problem = format!("cannot be contacted for its keys: {}", Chain(&error));
            StartupError::setting(issuer, problem, "jwks = \"keys.json\"")
        })?;
        Ok(Self {
            issuer: issuer.to_owned(),
            settings,
            client,
            state: Mutex::default(),
            waiting: Semaphore::new(WAITING),
            observers,
        })
    }

    pub(super) fn settings(&self) -> &RemoteSettings {
        &self.settings
    }

    /// Fetches the keys, and returns how long they may be kept. If fetching has failed for too long, drops the keys.
    pub(super) async fn refresh(&self, keys: &IssuerKeys) -> Result<Duration, FetchError> {
        let mut state = self.state.lock().await;
        let fetched = self.fetch(&mut state, keys).await;
        let is_over = state.last_success.is_some_and(|success| success.elapsed() > OUTAGE);
        if fetched.is_err() && is_over && !keys.load().is_empty() {
            keys.store(KeySet::default());
            state.text.clear();
            self.observers.emit(Event::KeysDropped { issuer: &self.issuer });
        }
        fetched.inspect_err(|error| self.report(error, keys))
    }

    /// Looks for a key with this name: fetches the keys if none of them has it, and if it was not looked for a moment ago.
    /// Returns successfully if it is known whether there is such a key.
    ///
    /// # Errors
    ///
    /// The issuer did not answer, too many requests are waiting for it, or too many names were looked for.
    pub(crate) async fn require(&self, kid: Option<&str>, keys: &IssuerKeys) -> Result<(), Unavailable> {
        if keys.load().knows(kid) {
            return Ok(());
        }
        let unavailable = || Unavailable(self.issuer.clone());
        let began = Instant::now();
        let _waiting = self.waiting.try_acquire().map_err(|_| unavailable())?;
        let mut state = self.state.lock().await;
        let (now, cooldown) = (Instant::now(), self.settings.cooldown);
        if keys.load().knows(kid) || state.lookups.is_missing(kid, now, cooldown) {
            return Ok(());
        }
        let last = state.last;
        match last {
            // Another request has fetched the keys in the meantime.
            Some(last) if last.succeeded && last.began >= began => {}
            Some(last) if !last.succeeded && last.ended.elapsed() < cooldown => return Err(unavailable()),
            _ if !state.lookups.may_fetch(now, cooldown) => return Err(unavailable()),
            _ => drop(self.fetch(&mut state, keys).await.map_err(|error| {
                self.report(&error, keys);
                unavailable()
            })?),
        }
        if !keys.load().knows(kid) {
            state.lookups.set_missing(kid, Instant::now(), cooldown);
        }
        Ok(())
    }

    async fn fetch(&self, state: &mut FetchState, keys: &IssuerKeys) -> Result<Duration, FetchError> {
        let began = Instant::now();
        let fetched = fetching_keys(&self.issuer, timeout(PATIENCE, self.published())).await;
        let fetched = fetched.unwrap_or(Err(FetchError::Slow));
        let fetched = fetched.and_then(|fetched| self.apply(fetched, &mut state.text, keys));
        let (ended, succeeded) = (Instant::now(), fetched.is_ok());
        state.last = Some(LastFetch { began, ended, succeeded });
        if succeeded {
            state.last_success = Some(ended);
        }
        fetched
    }

    /// Reports that the keys could not be fetched.
    fn report(&self, error: &FetchError, keys: &IssuerKeys) {
        let (issuer, in_force) = (Some(&*self.issuer), !keys.load().is_empty());
        self.observers.emit(Event::KeysUnavailable { issuer, error, in_force });
    }

    /// Replaces the keys with the fetched ones. An unchanged set is kept, because cached tokens were verified with it.
    fn apply(
        &self,
        fetched: Fetched,
        in_force: &mut String,
        keys: &IssuerKeys,
    ) -> Result<Duration, FetchError> {
        if fetched.text != *in_force {
            let (set, skipped) =
                KeySet::published(&fetched.text, self.settings.algorithm).map_err(FetchError::Set)?;
            for problem in skipped {
                // Many issuers also publish keys for encryption.
                let is_harmless = problem.contains(NOT_FOR_SIGNATURES);
                let (issuer, problem) = (&self.issuer, &problem);
                self.observers.emit(Event::KeySkipped { issuer, problem, is_harmless });
            }
            keys.store(set);
            *in_force = fetched.text;
            self.observers.emit(Event::KeysLoaded { issuer: Some(&self.issuer) });
        }
        Ok(fetched.lifetime)
    }

    async fn published(&self) -> Result<Fetched, FetchError> {
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

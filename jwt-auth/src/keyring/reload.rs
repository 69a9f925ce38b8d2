//! Replaces keys while the app runs, either on request or because a file has changed.

use std::error::Error;
use std::sync::{Arc, Weak};
use std::time::Duration;

use rocket::tokio::task::spawn_blocking;
use rocket::tokio::time::{MissedTickBehavior, interval};

use super::Keyring;
use super::files::Files;
use super::load::{Occasion, load};
#[cfg(feature = "remote")]
use super::remote::Remote;
use super::source::Seen;
use super::trusted_issuer::TrustedIssuer;
use crate::config::{IssuerSettings, KeySettings};
use crate::error::StartupError;
use crate::event::Event;

/// The key that signs, if there is one, in words.
struct Signer(Option<String>);

impl Keyring {
    /// Replaces the keys with those of other settings.
    ///
    /// # Errors
    ///
    /// A setting is invalid. In that case, nothing changes.
    pub(crate) fn replace(&self, settings: KeySettings) -> Result<(), StartupError> {
        self.check_issuers(&settings)?;
        // Locked before the files are read, so that of two concurrent calls, the one that reads later also stores
        // later.
        let mut seen = self.source.lock();
        let files = Files::read(&settings);
        self.store(load(&settings, &files, self.own.clock().now(), self.leeway, Occasion::NewSettings)?);
        seen.files = files.fingerprint();
        seen.settings = settings.into();
        let signer = self.changed_signer(&mut seen);
        // An observer may take its time, or call this.
        drop(seen);
        self.observers.emit(Event::KeysLoaded { issuer: None });
        self.report_signer(signer);
        Ok(())
    }

    /// Reloads the keys if a file has changed. If a file is invalid, the previous keys stay in force.
    fn reload(&self, settings: &Arc<KeySettings>, files: &Files) {
        let mut seen = self.source.lock();
        if !Arc::ptr_eq(settings, &seen.settings) {
            return;
        }
        let fingerprint = files.fingerprint();
        let loaded = (seen.files != fingerprint).then(|| {
            seen.files = fingerprint;
            let sets = load(settings, files, self.own.clock().now(), self.leeway, Occasion::NewFiles)?;
            self.store(sets);
            Ok::<_, StartupError>(())
        });
        let signer = self.changed_signer(&mut seen);
        drop(seen);
        match loaded {
            Some(Ok(())) => self.observers.emit(Event::KeysLoaded { issuer: None }),
            Some(Err(error)) => self.report_unavailable(&error),
            None => {}
        }
        self.report_signer(signer);
    }

    fn report_unavailable(&self, error: &(dyn Error + 'static)) {
        self.observers.emit(Event::KeysUnavailable { issuer: None, error, in_force: true });
    }

    /// Reports which key signs.
    pub(super) fn announce_signer(&self) {
        let signer = self.changed_signer(&mut self.source.lock());
        self.report_signer(signer);
    }

    /// Returns the key that signs, or `None` if it is the one that was last reported.
    fn changed_signer(&self, seen: &mut Seen) -> Option<Signer> {
        let signer = Signer(self.own.load().signer(self.own.clock().now()).map(|key| key.shown()));
        (signer.0 != seen.signer).then(|| {
            seen.signer.clone_from(&signer.0);
            signer
        })
    }

    fn report_signer(&self, changed: Option<Signer>) {
        if let Some(Signer(key)) = changed {
            self.observers.emit(Event::SignerChanged { key: key.as_deref() });
        }
    }

    /// Rejects changes to the trusted issuers, because the requirements for their tokens were checked at launch.
    fn check_issuers(&self, settings: &KeySettings) -> Result<(), StartupError> {
        let same = settings.issuers.len() == self.trusted.len()
            && settings.issuers.iter().zip(&self.trusted).all(|(new, old)| {
                (&new.name, &new.issuer, &new.audience, &new.audience_claim)
                    == (&old.name, &old.issuer, &old.audience, &old.audience_claim)
                    && same_source(new, old)
            });
        match same {
            true => Ok(()),
            false => Err(StartupError::setting(
                "issuers",
                "does not name the same issuers, audiences and key URLs as at launch: only keys in the settings can change while \
                 the app runs",
                "restart the app",
            )),
        }
    }
}

#[cfg(feature = "remote")]
fn same_source(new: &IssuerSettings, old: &TrustedIssuer) -> bool {
    new.remote.as_ref() == old.remote.as_ref().map(Remote::settings)
}

#[cfg(not(feature = "remote"))]
fn same_source(_: &IssuerSettings, _: &TrustedIssuer) -> bool {
    true
}

/// Checks the key files at this interval, for as long as the keyring exists.
pub(crate) async fn keep_reloaded(keyring: Weak<Keyring>, every: Duration) {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first tick is immediate.
    ticks.tick().await;
    loop {
        ticks.tick().await;
        let Some(keyring) = keyring.upgrade() else { return };
        let settings = Arc::clone(&keyring.source.lock().settings);
        let read = {
            let settings = Arc::clone(&settings);
            spawn_blocking(move || Files::read(&settings)).await
        };
        match read {
            Ok(files) => keyring.reload(&settings, &files),
            Err(error) => keyring.report_unavailable(&error),
        }
    }
}

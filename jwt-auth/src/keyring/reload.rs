//! Keys that change while the app runs: by a call, or because a file did.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rocket::tokio::task::spawn_blocking;
use rocket::tokio::time::{MissedTickBehavior, interval};

use super::files::{Files, Fingerprint};
use super::load::{Occasion, load};
use super::{Keyring, OtherIssuer};
use crate::config::{IssuerSettings, KeySettings};
use crate::error::{Chain, StartupError};
use crate::jwt_auth::JwtAuth;
#[cfg(feature = "remote")]
use crate::remote::Remote;

/// Where the keys come from, and what was there when it was last looked.
pub(crate) struct Source(Mutex<Seen>);

struct Seen {
    settings: Arc<KeySettings>,
    /// Of files that were loaded, or that were wrong and said to be.
    files: Fingerprint,
    /// What signed when that was last said.
    signs: Option<String>,
}

impl Source {
    pub(super) fn new(settings: KeySettings, files: &Files) -> Self {
        Self(Mutex::new(Seen { settings: settings.into(), files: files.fingerprint(), signs: None }))
    }

    /// Takes the keys of other settings instead, from now on.
    ///
    /// # Errors
    ///
    /// One of them is wrong. Then nothing changes.
    pub(super) fn replace(&self, settings: KeySettings, keyring: &Keyring) -> Result<(), StartupError> {
        same_issuers(&settings, keyring)?;
        // Before the files are read: of two calls at a time, the one that reads later stores later.
        let mut seen = self.seen();
        let files = Files::read(&settings);
        keyring.store(load(&settings, &files, keyring.own.clock().now(), Occasion::OtherSettings)?);
        seen.files = files.fingerprint();
        seen.settings = settings.into();
        seen.announce(keyring);
        Ok(())
    }

    /// Loads the keys anew if a file of these settings changed. If that cannot be done, the last ones stay.
    fn look(&self, settings: &Arc<KeySettings>, files: &Files, keyring: &Keyring) {
        let mut seen = self.seen();
        if !Arc::ptr_eq(settings, &seen.settings) {
            return;
        }
        let fingerprint = files.fingerprint();
        if seen.files != fingerprint {
            seen.files = fingerprint;
            match load(settings, files, keyring.own.clock().now(), Occasion::OtherFiles) {
                Ok(sets) => {
                    keyring.store(sets);
                    log::info!("jwt-auth: the files of the keys have changed, and were loaded");
                }
                Err(error) => log::error!(
                    "jwt-auth: the files of the keys have changed and cannot be loaded, so the keys stay as they \
                     were: {}",
                    Chain(&error)
                ),
            }
        }
        seen.announce(keyring);
    }

    /// Says which key signs, if that is another one than before.
    pub(super) fn announce(&self, keyring: &Keyring) {
        self.seen().announce(keyring);
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        // Whoever panicked has stored a whole set or none.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    fn announce(&mut self, keyring: &Keyring) {
        let signs = keyring.own.load().signs(keyring.own.clock().now()).map(|key| key.shown());
        if signs != self.signs {
            match &signs {
                Some(signs) => log::info!("jwt-auth: tokens are signed with {signs}"),
                None => log::info!("jwt-auth: tokens are verified, and none is signed"),
            }
            self.signs = signs;
        }
    }
}

/// What is asked of the tokens of other issuers was looked at when the app was launched.
fn same_issuers(settings: &KeySettings, keyring: &Keyring) -> Result<(), StartupError> {
    let same = settings.issuers.len() == keyring.others.len()
        && settings.issuers.iter().zip(&keyring.others).all(|(new, old)| {
            (&new.issuer, &new.audience, &new.audience_claim)
                == (&old.name, &old.audience, &old.audience_claim)
                && same_source(new, old)
        });
    match same {
        true => Ok(()),
        false => Err(StartupError::setting(
            "issuers",
            "has other issuers than at launch, other audiences of them, or other places that keys are fetched from: \
             only keys in the settings can change while the app runs",
            "restart the app",
        )),
    }
}

#[cfg(feature = "remote")]
fn same_source(new: &IssuerSettings, old: &OtherIssuer) -> bool {
    new.remote.as_ref() == old.remote.as_ref().map(Remote::settings)
}

#[cfg(not(feature = "remote"))]
fn same_source(_: &IssuerSettings, _: &OtherIssuer) -> bool {
    true
}

/// Looks at the files every so often, for as long as the app lives.
pub(crate) async fn keep_loaded(auth: impl Fn() -> Option<JwtAuth> + Send + 'static, every: Duration) {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first is at once.
    ticks.tick().await;
    loop {
        ticks.tick().await;
        let Some(auth) = auth() else { return };
        let keyring = auth.keyring();
        let settings = Arc::clone(&keyring.source.seen().settings);
        let read = {
            let settings = Arc::clone(&settings);
            spawn_blocking(move || Files::read(&settings)).await
        };
        match read {
            Ok(files) => keyring.source.look(&settings, &files, keyring),
            Err(error) => log::error!("jwt-auth: the files of the keys could not be read: {error}"),
        }
    }
}

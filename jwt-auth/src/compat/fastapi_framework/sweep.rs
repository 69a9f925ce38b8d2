//! The sweep, which removes useless members of the SET, because members never expire.

use std::sync::{Arc, Weak};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rocket::tokio::time::{sleep, timeout};
use serde_json::{Map, Value};

use super::bridge::Bridge;
use super::refresh_token::RefreshToken;
use super::token_set::SubjectDigest;
use crate::error::{AuthError, Chain};

/// The interval at which one of the processes sweeps the SET.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// The delay after a failed sweep.
const RETRY: Duration = Duration::from_secs(10);

/// The pause between two steps.
const PAUSE: Duration = Duration::from_millis(5);

/// The result of [`sweep_refresh_tokens`](crate::JwtAuth::sweep_refresh_tokens). Members that are added or removed
/// during the sweep may be counted twice or not at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Swept {
    /// The number of members that were removed: expired tokens, tokens of subjects that were logged out everywhere, and
    /// members that are not tokens.
    pub removed: u64,
    /// The number of valid refresh tokens, which stay.
    pub live: u64,
    /// The number of tokens that have not expired, but that this app does not accept, because they were signed with
    /// another secret or are not refresh tokens. They stay until they expire, or forever if they have no `exp`.
    pub unaccepted: u64,
}

/// The state of a member.
enum Found {
    Live { subject: SubjectDigest, exp: u64 },
    Unaccepted,
    Useless,
}

impl Bridge {
    /// Checks every member, in small steps.
    pub(crate) async fn sweep(&self) -> Result<Swept, AuthError> {
        let (mut swept, mut cursor, mut latest) = (Swept::default(), 0, 0);
        loop {
            let (next, members) = self.sessions.store.in_time("set_scan", self.set.scan(cursor)).await?;
            latest = self.sweep_some(members, &mut swept).await?.max(latest);
            if next == 0 {
                self.warn_of_end(latest);
                return Ok(swept);
            }
            cursor = next;
            sleep(PAUSE).await;
        }
    }

    /// Removes the useless ones among these members. Returns the latest `exp` of those that stay.
    async fn sweep_some(&self, members: Vec<Vec<u8>>, swept: &mut Swept) -> Result<u64, AuthError> {
        let mut latest = 0;
        let (mut live, mut subjects, mut useless) = (Vec::new(), Vec::new(), Vec::new());
        for member in members {
            match self.look_at(&member) {
                Found::Live { subject, exp } => {
                    live.push((member, exp));
                    subjects.push(subject);
                }
                Found::Unaccepted => swept.unaccepted += 1,
                Found::Useless => useless.push(member),
            }
        }
        if !live.is_empty() {
            let revoked = self.sessions.store.in_time("set_revoked", self.set.revoked(&subjects)).await?;
            for ((member, exp), up_to) in live.into_iter().zip(revoked) {
                match up_to {
                    Some(up_to) if exp <= up_to => useless.push(member),
                    _ => {
                        swept.live += 1;
                        latest = exp.max(latest);
                    }
                }
            }
        }
        if !useless.is_empty() {
            swept.removed += self.sessions.store.in_time("set_remove", self.set.remove(&useless)).await?;
        }
        Ok(latest)
    }

    /// Logs a warning if tokens live longer than `refresh_ttl`, because a logout everywhere misses such tokens.
    fn warn_of_end(&self, latest: u64) {
        if latest > (self.sessions.now() + self.sessions.settings.refresh_ttl + self.leeway()).as_secs() {
            log::warn!(
                "jwt-auth: the SET `refresh_tokens` has members that live longer than `refresh_ttl`, so a logout everywhere \
                 misses them: set `refresh_ttl`, or JWT_REFRESH_TOKEN_EXPIRE_MINUTES, to the value that the Python \
                 service uses"
            );
        }
    }

    /// Returns the state of a member. A token is useless if its `exp` has passed, whichever key signed it. A token that
    /// was signed with another secret stays, because it may be valid elsewhere: the secret of this app may be the wrong
    /// one.
    fn look_at(&self, member: &[u8]) -> Found {
        let Some((text, payload)) = read(member) else { return Found::Useless };
        let now = self.sessions.now().as_secs() as f64;
        match payload.get("exp").and_then(Value::as_f64) {
            Some(exp) if now >= exp + self.leeway().as_secs_f64() => return Found::Useless,
            _ => {}
        }
        match self.sessions.verifier.legacy_signature(text) {
            Ok(payload) => match RefreshToken::read(text, &payload) {
                Some(token) => Found::Live { subject: token.member().subject, exp: token.exp },
                None => Found::Unaccepted,
            },
            Err(_) => Found::Unaccepted,
        }
    }
}

/// Returns the text of a JWT and its unverified payload.
fn read(member: &[u8]) -> Option<(&str, Map<String, Value>)> {
    let text = std::str::from_utf8(member).ok()?;
    let [_, payload, _] = text.split('.').collect::<Vec<_>>()[..] else { return None };
    let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
    Some((text, serde_json::from_slice(&payload).ok()?))
}

/// Sweeps as long as the app runs: at launch, periodically, and after a logout everywhere.
pub(crate) async fn keep_swept(bridge: Weak<Bridge>) {
    let mut due = false;
    while let Some(strong) = bridge.upgrade() {
        let mut wait = EVERY;
        match turn(&strong, &mut due).await {
            Ok(Some(swept)) => report(&swept),
            Ok(None) => {}
            Err(error) => {
                log::warn!("jwt-auth: the SET `refresh_tokens` could not be swept: {}", Chain(&error));
                wait = RETRY;
            }
        }
        let requested = Arc::clone(&strong.sweep);
        drop(strong);
        due |= timeout(wait, requested.notified()).await.is_ok();
    }
}

/// Sweeps if a sweep is due, or if it is this process's turn. A sweep stays due until one succeeds.
async fn turn(bridge: &Bridge, due: &mut bool) -> Result<Option<Swept>, AuthError> {
    *due = *due || bridge.sessions.store.in_time("set_is_to_sweep", bridge.set.is_to_sweep(EVERY)).await?;
    if !*due {
        return Ok(None);
    }
    let swept = bridge.sweep().await?;
    *due = false;
    Ok(Some(swept))
}

fn report(swept: &Swept) {
    let Swept { removed, live, unaccepted } = swept;
    log::info!("jwt-auth: {removed} members of the SET `refresh_tokens` were removed, {live} are valid");
    if *unaccepted > 0 {
        log::warn!(
            "jwt-auth: {unaccepted} members of the SET `refresh_tokens` have not expired, but are not accepted here. \
             Unless the secret was changed after they were issued, the Python service uses another secret: set `secret` \
             in [default.jwt_auth], or JWT_SECRET_KEY, to that secret"
        );
    }
}

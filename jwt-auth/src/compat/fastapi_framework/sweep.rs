//! Members of the SET never expire: this removes those that are of no more use.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rocket::tokio::sync::Notify;
use rocket::tokio::time::{sleep, timeout};
use serde_json::{Map, Value};

use super::Compat;
use super::refresh_token::RefreshToken;
use crate::error::{AuthError, Chain};
use crate::jwt_auth::JwtAuth;
use crate::keyring::TokenKind;
use crate::store::SubjectDigest;

/// How often the SET is swept, by one of all processes.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// How long after a sweep that failed the next one begins.
const RETRY: Duration = Duration::from_secs(10);

/// How long nothing is asked of Redis between two steps.
const PAUSE: Duration = Duration::from_millis(5);

/// What a [`sweep`](super::sweep) found. Members that come and go meanwhile may be counted twice, or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Swept {
    /// What it removed: tokens past their `exp`, tokens of subjects that were logged out everywhere, and
    /// what is no token at all.
    pub removed: u64,
    /// Refresh tokens that are good, and stay.
    pub live: u64,
    /// Tokens that are not past their `exp` and that this app does not accept: they were signed with
    /// another secret, or are no refresh tokens. They stay until then: for ever, if they have none.
    pub unaccepted: u64,
}

/// What a member is.
enum Found {
    Live { subject: SubjectDigest, exp: u64 },
    Unaccepted,
    Useless,
}

impl JwtAuth {
    /// Looks at every member, some at a time.
    pub(super) async fn sweep_refresh_tokens(&self, compat: &Compat) -> Result<Swept, AuthError> {
        let (mut swept, mut cursor, mut latest) = (Swept::default(), 0, 0);
        loop {
            let (next, members) = self.in_time(compat.set.scan(cursor)).await?;
            latest = self.sweep_some(compat, members, &mut swept).await?.max(latest);
            if next == 0 {
                self.warn_of_end(latest);
                return Ok(swept);
            }
            cursor = next;
            sleep(PAUSE).await;
        }
    }

    /// Returns the latest `exp` of these members that are good.
    async fn sweep_some(
        &self,
        compat: &Compat,
        members: Vec<Vec<u8>>,
        swept: &mut Swept,
    ) -> Result<u64, AuthError> {
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
            let revoked = self.in_time(compat.set.revoked(&subjects)).await?;
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
            swept.removed += self.in_time(compat.set.remove(&useless)).await?;
        }
        Ok(latest)
    }

    /// Says so when tokens live longer than those that are issued here: by `refresh_ttl` is reckoned which
    /// of them a logout everywhere concerns.
    fn warn_of_end(&self, latest: u64) {
        let settings = self.settings();
        if latest > (self.now() + settings.refresh_ttl + settings.leeway).as_secs() {
            log::warn!(
                "jwt-auth: the SET `refresh_tokens` has members that live longer than `refresh_ttl`, and a logout \
                 everywhere will miss them: set that, or JWT_REFRESH_TOKEN_EXPIRE_MINUTES, to what the service on \
                 fastapi_framework has"
            );
        }
    }

    /// A token is useless when it says itself that it has ended, whoever signed it. One that was signed
    /// with another secret could still be good for somebody, should that of this app be the wrong one.
    fn look_at(&self, member: &[u8]) -> Found {
        let Some((text, payload)) = read(member) else { return Found::Useless };
        let now = self.now().as_secs() as f64;
        match payload.get("exp").and_then(Value::as_f64) {
            Some(exp) if now >= exp + self.settings().leeway.as_secs_f64() => return Found::Useless,
            _ => {}
        }
        match self.verifier().signature(text, TokenKind::FastapiFramework) {
            Ok(signed) => match RefreshToken::read(text, &signed) {
                Some(token) => Found::Live { subject: token.member().subject, exp: token.exp },
                None => Found::Unaccepted,
            },
            Err(_) => Found::Unaccepted,
        }
    }
}

/// The text of a JWT and what it says, unchecked.
fn read(member: &[u8]) -> Option<(&str, Map<String, Value>)> {
    let text = std::str::from_utf8(member).ok()?;
    let [_, payload, _] = text.split('.').collect::<Vec<_>>()[..] else { return None };
    let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
    Some((text, serde_json::from_slice(&payload).ok()?))
}

/// Sweeps for as long as the app lives: now, once in a while, and when somebody was logged out
/// everywhere.
pub(super) async fn keep_swept(auth: impl Fn() -> Option<JwtAuth>, soon: Arc<Notify>) {
    let mut due = false;
    while let Some(auth) = auth() {
        let mut wait = EVERY;
        match turn(&auth, &mut due).await {
            Ok(Some(swept)) => report(&swept),
            Ok(None) => {}
            Err(error) => {
                log::warn!("jwt-auth: the SET `refresh_tokens` could not be swept: {}", Chain(&error));
                wait = RETRY;
            }
        }
        drop(auth);
        due |= timeout(wait, soon.notified()).await.is_ok();
    }
}

/// Sweeps if that is due, or becomes so now for this one of all processes. It stays due until a sweep
/// went through.
async fn turn(auth: &JwtAuth, due: &mut bool) -> Result<Option<Swept>, AuthError> {
    let Some(compat) = auth.compat() else { return Ok(None) };
    *due = *due || auth.in_time(compat.set.is_to_sweep(EVERY)).await?;
    if !*due {
        return Ok(None);
    }
    let swept = auth.sweep_refresh_tokens(compat).await?;
    *due = false;
    Ok(Some(swept))
}

fn report(swept: &Swept) {
    let Swept { removed, live, unaccepted } = swept;
    log::info!("jwt-auth: {removed} members of the SET `refresh_tokens` were removed, {live} are good");
    if *unaccepted > 0 {
        log::warn!(
            "jwt-auth: {unaccepted} members of the SET `refresh_tokens` are not accepted here and have not expired. \
             Unless they are older than its present one, the secret of the service on fastapi_framework is another: \
             set `secret` in [default.jwt_auth] or JWT_SECRET_KEY to it"
        );
    }
}

//! Long-lived access tokens. A process forgets revocations long before such a token expires, so it asks the store about the
//! token's session: once per `access_ttl`, which is as long as any other access token can outlive what it hears.

use std::sync::Arc;

use foldhash::quality::RandomState;
use quick_cache::UnitWeighter;
use quick_cache::sync::{Cache, DefaultLifecycle};
use rocket::tokio::sync::OnceCell;
use uuid::Uuid;

use super::Sessions;
use crate::auth::{Auth, TokenInfo};
use crate::claims::Claims;
use crate::clock::Moment;
use crate::config::RevocationMode;
use crate::error::{AuthError, InvalidToken};

/// The number of sessions that a process remembers, which takes a few megabytes. The store is asked about a forgotten one
/// again.
const REMEMBERED: usize = 100_000;

/// What the store has said about the sessions of long-lived tokens, by `sid`.
pub(crate) struct LongLivedChecks(Cache<Uuid, Arc<Check>, UnitWeighter, RandomState>);

/// One question to the store, and its answer: until when the session counts as live. Requests that arrive in the meantime
/// wait for the same answer.
type Check = OnceCell<Result<Moment, AuthError>>;

impl LongLivedChecks {
    pub(crate) fn new() -> Self {
        Self(Cache::with(
            REMEMBERED,
            REMEMBERED as u64,
            UnitWeighter,
            RandomState::default(),
            DefaultLifecycle::default(),
        ))
    }
}

impl Sessions {
    /// Asks the store about the session of an access token if the setting `revocation` or the token requires it.
    pub(crate) async fn check_with_store<C: Claims>(&self, auth: &Auth<C>) -> Result<(), AuthError> {
        // The store does not know the sessions of trusted issuers.
        match self.revocations.settings().mode == RevocationMode::Strict && auth.token().is_own {
            true => self.check_session(auth).await,
            false => self.check_long_lived(auth).await,
        }
    }

    /// Checks that the session of a long-lived token is live, according to what the store has said within `access_ttl`.
    /// Accepts every other token.
    ///
    /// # Errors
    ///
    /// The session has ended, or the store does not answer.
    pub(crate) async fn check_long_lived<C: Claims>(&self, auth: &Auth<C>) -> Result<(), AuthError> {
        if !auth.token().is_long_lived() {
            return Ok(());
        }
        let (_, sid) = self.session_of(auth)?;
        let LongLivedChecks(checks) = &self.long_lived;
        let now = self.moment();
        checks.remove_if(&sid, |check| has_passed(check, now));
        let check = checks.get_or_insert_with(&sid, || Ok::<_, AuthError>(Arc::default()))?;
        let answer = check.get_or_init(|| self.ask(auth)).await;
        if answer.is_err() {
            // A later request asks again.
            checks.remove_if(&sid, |kept| Arc::ptr_eq(kept, &check));
        }
        answer.clone().map(drop)
    }

    /// Checks, without waiting for the store, that it has said within `access_ttl` that the session of a long-lived token
    /// is live. Accepts every other token.
    pub(crate) fn check_is_known(&self, token: &TokenInfo) -> Result<(), InvalidToken> {
        let Some(sid) = token.session_id.filter(|_| token.is_long_lived()) else { return Ok(()) };
        let LongLivedChecks(checks) = &self.long_lived;
        let check = checks.get(&sid).filter(|check| !has_passed(check, self.moment()));
        match check.as_ref().and_then(|check| check.get()) {
            Some(Ok(_)) => Ok(()),
            _ => Err(InvalidToken::NotChecked),
        }
    }

    /// Records that the session of a long-lived token was live at this moment.
    pub(super) fn was_live(&self, sid: Uuid, at: Moment) {
        let live_until = at.after(self.verifier.access_ttl());
        self.long_lived.0.insert(sid, Arc::new(OnceCell::new_with(Some(Ok(live_until)))));
    }

    pub(super) fn moment(&self) -> Moment {
        Moment::now(&*self.clock)
    }

    /// Asks the store about a session. The answer counts from the moment of the question, so that every revocation after
    /// it is remembered for longer than the answer.
    async fn ask<C: Claims>(&self, auth: &Auth<C>) -> Result<Moment, AuthError> {
        let asked_at = self.moment();
        let (owner, sid) = self.session_of(auth)?;
        let family = self.store.call("find", |store| store.find(&owner, sid)).await?;
        match family.is_some_and(|family| family.is_live(self.now()) && !family.has_refresh_token()) {
            true => Ok(asked_at.after(self.verifier.access_ttl())),
            false => Err(InvalidToken::Revoked.into()),
        }
    }
}

/// Returns whether an answer counts no longer, by at least one of the clocks.
fn has_passed(check: &Arc<Check>, now: Moment) -> bool {
    matches!(check.get(), Some(Ok(live_until)) if live_until.may_have_passed(now))
}

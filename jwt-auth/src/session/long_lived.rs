//! Long-lived access tokens. A process forgets revocations long before such a token expires. Therefore, it asks the store
//! about the token's session: once per `access_ttl`, so it lags behind a missed revocation no longer than with any other
//! access token.

use std::sync::Arc;
use std::time::Duration;

use foldhash::quality::RandomState;
use quick_cache::UnitWeighter;
use quick_cache::sync::{Cache, DefaultLifecycle};
use rocket::tokio::sync::OnceCell;
use uuid::Uuid;

use super::Sessions;
use crate::auth::{AnyAuth, TokenInfo};
use crate::clock::Moment;
use crate::config::RevocationMode;
use crate::error::{AuthError, InvalidToken};
use crate::owner::Owner;
use crate::verify::CacheEntry;

/// The number of sessions that a process remembers, which takes a few megabytes. The store is asked about a forgotten one
/// again.
const REMEMBERED: usize = 100_000;

/// How long a process that remembers a revocation waits until it looks again whether the session has come back. It
/// remembers a revocation for longer, so it looks several times if the token is still used.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// What the store has said about the sessions of long-lived tokens, by `sid`.
pub(crate) struct LongLivedChecks(Cache<Uuid, Arc<Check>, UnitWeighter, RandomState>);

/// One question to the store, and its answer. Requests that arrive in the meantime wait for the same answer.
type Check = OnceCell<Result<Answer, AuthError>>;

/// What the store has said about a session.
#[derive(Clone, Copy)]
struct Answer {
    is_live: bool,
    /// The answer counts from the moment of the question, so that every revocation after it is remembered for longer than
    /// the answer.
    asked_at: Moment,
}

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

    /// Returns the question about a session that counts, or a new one. An answer does not count if `has_passed`.
    fn check(&self, sid: Uuid, has_passed: impl Fn(&Answer) -> bool) -> Result<Arc<Check>, AuthError> {
        let Self(checks) = self;
        checks.remove_if(&sid, |check| matches!(check.get(), Some(Ok(answer)) if has_passed(answer)));
        checks.get_or_insert_with(&sid, || Ok(Arc::default()))
    }

    /// Forgets what the store has said about a session, because it has ended.
    pub(super) fn forget(&self, sid: Uuid) {
        self.0.remove(&sid);
    }
}

impl Sessions {
    /// Asks the store about the session of an access token if the setting `revocation` or the token requires it.
    /// `check_session` asks about the session of any token.
    pub(crate) async fn check_with_store(
        &self,
        auth: &AnyAuth,
        check_session: impl AsyncFnOnce() -> Result<(), AuthError>,
    ) -> Result<(), AuthError> {
        // Most requests ask nothing. The futures of the questions are large, so they are allocated only for the others.
        // The store does not know the sessions of trusted issuers.
        if self.revocations.settings().mode == RevocationMode::Strict && auth.token().is_own {
            Box::pin(check_session()).await
        } else if let Some(sid) = auth.session_id().filter(|_| auth.token().is_long_lived()) {
            Box::pin(self.check_long_lived(auth, sid)).await
        } else {
            Ok(())
        }
    }

    /// Checks that the session of a long-lived token is live, according to what the store has said within `access_ttl`.
    ///
    /// # Errors
    ///
    /// The session has ended, or the store does not answer.
    async fn check_long_lived(&self, auth: &AnyAuth, sid: Uuid) -> Result<(), AuthError> {
        let now = self.moment();
        let check = self.long_lived.check(sid, |answer| self.has_passed(answer, now))?;
        match check.get_or_init(|| self.ask(auth, sid)).await {
            Ok(Answer { is_live: true, .. }) => Ok(()),
            // A session that has ended never becomes live again, so this answer counts as long as any other. A revoked
            // token that leaked does not cost a call of the store for each request.
            Ok(Answer { is_live: false, .. }) => Err(InvalidToken::Revoked.into()),
            Err(error) => {
                // A later request asks again.
                self.long_lived.0.remove_if(&sid, |kept| Arc::ptr_eq(kept, &check));
                Err(error.clone())
            }
        }
    }

    /// Checks, without waiting for the store, that it has said within `access_ttl` that the session of a long-lived token
    /// is live. Accepts every other token.
    pub(crate) fn check_is_known(&self, token: &TokenInfo) -> Result<(), InvalidToken> {
        let Some(sid) = token.session_id.filter(|_| token.is_long_lived()) else { return Ok(()) };
        let LongLivedChecks(checks) = &self.long_lived;
        let now = self.moment();
        match checks.get(&sid).as_ref().and_then(|check| check.get()) {
            Some(Ok(answer)) if self.has_passed(answer, now) => Err(InvalidToken::NotChecked),
            Some(Ok(Answer { is_live: true, .. })) => Ok(()),
            Some(Ok(Answer { is_live: false, .. })) => Err(InvalidToken::Revoked),
            Some(Err(_)) | None => Err(InvalidToken::NotChecked),
        }
    }

    /// Records that the session of a long-lived token was live at this moment.
    pub(super) fn was_live(&self, sid: Uuid, asked_at: Moment) {
        let answer = Answer { is_live: true, asked_at };
        self.long_lived.0.insert(sid, Arc::new(OnceCell::new_with(Some(Ok(answer)))));
    }

    /// Ends the session of a long-lived token again if it has come back because the store lost its last writes. To be
    /// called when a token is rejected because this process remembers a revocation: no refresh ends the session again, and
    /// once the revocation is forgotten, the token would be valid for the rest of its long life. Looks at most once per
    /// [`LOOK_AGAIN`], and does nothing for other tokens. The token is rejected in any case, so errors are ignored.
    pub(crate) async fn end_if_resurrected(&self, token: &str, entry: &CacheEntry) {
        let Some(named) = self.verifier.session_of_long_lived(token, entry) else { return };
        let now = self.moment();
        let counts =
            |answer: &Answer| !answer.is_live && !answer.asked_at.after(LOOK_AGAIN).may_have_passed(now);
        if let Ok(check) = self.long_lived.check(named.sid, |answer| !counts(answer)) {
            let owner = self.signer.owner(named.kind.as_deref(), &named.subject);
            check.get_or_init(|| self.look_again(owner, named.sid)).await;
        }
    }

    async fn look_again(&self, owner: Owner, sid: Uuid) -> Result<Answer, AuthError> {
        let asked_at = self.moment();
        if let Err(error) = self.end_again(&owner, sid).await {
            self.report_end_failed(&owner, sid, &error);
        }
        Ok(Answer { is_live: false, asked_at })
    }

    pub(super) fn moment(&self) -> Moment {
        Moment::now(&*self.clock)
    }

    async fn ask(&self, auth: &AnyAuth, sid: Uuid) -> Result<Answer, AuthError> {
        let asked_at = self.moment();
        let owner = self.owner(auth)?;
        let family = self.store.call("find", |store| store.find(&owner, sid)).await?;
        let is_live = family.is_some_and(|family| family.is_live(self.now()) && !family.has_refresh_token());
        Ok(Answer { is_live, asked_at })
    }

    /// Returns whether an answer counts no longer, by at least one of the clocks.
    fn has_passed(&self, answer: &Answer, now: Moment) -> bool {
        answer.asked_at.after(self.verifier.access_ttl()).may_have_passed(now)
    }
}

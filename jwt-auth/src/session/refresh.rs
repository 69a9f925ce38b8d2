//! Refresh, which exchanges a refresh token for its successor.

use uuid::Uuid;

use super::{Loaded, LoaderParameter, Loading, Presented, Session, Sessions, TokenPair, load};
use crate::error::{AuthError, InvalidGrant};
use crate::event::{EndReason, Event, Identity};
use crate::family::{Elevation, Family, Rotation, Swap, decide, settle};
use crate::owner::{Owner, Revision};

impl Sessions {
    /// Exchanges a refresh token for a new pair, in one round trip to the store.
    pub(crate) async fn refresh<S, L>(
        &self,
        token: &str,
        loader: impl FnOnce(S) -> L,
    ) -> Result<TokenPair, AuthError>
    where
        S: LoaderParameter,
        L: Loading<Output: Loaded>,
    {
        let presented = self.verify_refresh_token(token)?;
        let refreshed = self.refresh_presented(&presented, loader).await;
        refreshed.inspect_err(|error| self.report_refused(Some(&presented), error))
    }

    async fn refresh_presented<S, L>(
        &self,
        presented: &Presented,
        loader: impl FnOnce(S) -> L,
    ) -> Result<TokenPair, AuthError>
    where
        S: LoaderParameter,
        L: Loading<Output: Loaded>,
    {
        let Some(loaded) = load(presented, loader).await? else {
            self.end_family(&presented.owner, presented.sid, EndReason::NoSuchSubject).await?;
            return Err(InvalidGrant::NoSuchSubject.into());
        };
        loaded.read_back(&self.signer)?;
        let (family, revision) = self.rotate(presented, None).await?;
        self.sign_pair(&presented.owner, &loaded.body, &family, &presented.sign_in, revision)
    }

    /// Reports that a refresh was refused. Reuse is reported when the session is ended.
    pub(crate) fn report_refused(&self, presented: Option<&Presented>, error: &AuthError) {
        if let AuthError::InvalidGrant(reason) = error
            && *reason != InvalidGrant::Reused
        {
            self.emit_refused(presented, reason);
        }
    }

    fn emit_refused(&self, presented: Option<&Presented>, reason: &InvalidGrant) {
        self.observers.emit(Event::RefreshRefused {
            reason,
            identity: presented.map(|presented| Identity::of(&presented.owner)),
            session: presented.map(|presented| presented.sid),
        });
    }

    /// Asks the store to replace a token, and decides what the outcome means. Returns the family whose current token is
    /// handed out, and the revision of its owner. An `elevation` takes effect in the same step.
    pub(crate) async fn rotate(
        &self,
        presented: &Presented,
        elevation: Option<Elevation>,
    ) -> Result<(Family, Revision), AuthError> {
        if self.has_ended(presented) {
            self.end_again(&presented.owner, presented.sid).await?;
            return Err(InvalidGrant::Unknown.into());
        }
        let now = self.now();
        let idle_end = now + presented.sign_in.idle.unwrap_or(self.settings.refresh_ttl);
        let swap = Swap::new(presented.jti, presented.generation, Uuid::new_v4(), now, idle_end);
        let swap = match elevation {
            Some(elevation) => swap.with_elevation(elevation, self.settings.reuse_grace),
            None => swap,
        };
        let context = self.context(&presented.owner);
        let swapped = self
            .store
            .call("compare_and_swap", |store| {
                store.compare_and_swap(&presented.owner, presented.sid, &swap, &context)
            })
            .await?;
        match settle(swapped.outcome, &swap, self.settings.reuse_grace) {
            Ok(family) => {
                let (identity, session) = (Identity::of(&presented.owner), presented.sid);
                self.observers.emit(match family.current == swap.next {
                    true => Event::Refreshed { identity, session },
                    false => Event::Replayed { identity, session },
                });
                Ok((family, swapped.revision))
            }
            Err(Rotation::Rotate) => {
                Err(AuthError::internal("the store refused to replace a current refresh token"))
            }
            Err(refused) => Err(self.refuse(presented, refused).await?),
        }
    }

    /// Returns the reason why a token gets no successor. If the token was reused, ends its session first, whichever
    /// call presented it.
    async fn refuse(&self, presented: &Presented, why: Rotation) -> Result<AuthError, AuthError> {
        Ok(match why {
            Rotation::Reuse => {
                // Of several requests that find the reuse at once, one ends the session.
                if !self.end_family(&presented.owner, presented.sid, EndReason::Reused).await? {
                    self.emit_refused(Some(presented), &InvalidGrant::Reused);
                }
                InvalidGrant::Reused.into()
            }
            Rotation::Expired => InvalidGrant::Expired.into(),
            Rotation::Unknown | Rotation::Retry | Rotation::Rotate => InvalidGrant::Unknown.into(),
        })
    }

    /// Returns whether the session of a token has ended, as far as this process remembers.
    fn has_ended(&self, presented: &Presented) -> bool {
        let owner = presented.owner.digest();
        self.revocations.has_ended(owner, Some(presented.sid), presented.revision)
    }

    /// Ends a session again if it came back because the store lost its last writes. Otherwise, only this process would
    /// reject its access tokens, and only as long as it remembers the revocation.
    pub(super) async fn end_again(&self, owner: &Owner, sid: Uuid) -> Result<(), AuthError> {
        // The session is looked up first, because ending it writes and may wait for replicas.
        if self.store.call("find", |store| store.find(owner, sid)).await?.is_some() {
            self.end_family(owner, sid, EndReason::Resurrected).await?;
        }
        Ok(())
    }

    /// Checks that a refresh token would be accepted, without using it up.
    pub(crate) async fn check_refresh_token(&self, token: &str) -> Result<Session, AuthError> {
        let presented = self.verify_refresh_token(token)?;
        self.check_presented(&presented).await
    }

    pub(crate) async fn check_presented(&self, presented: &Presented) -> Result<Session, AuthError> {
        let checked = self.look_up(presented).await;
        checked.inspect_err(|error| self.report_refused(Some(presented), error))
    }

    async fn look_up(&self, presented: &Presented) -> Result<Session, AuthError> {
        if self.has_ended(presented) {
            return Err(InvalidGrant::Unknown.into());
        }
        let family = self.store.call("find", |store| store.find(&presented.owner, presented.sid)).await?;
        let (jti, generation) = (presented.jti, presented.generation);
        let grace = self.settings.reuse_grace;
        match (decide(family.as_ref(), jti, generation, self.now(), grace), family) {
            (Rotation::Rotate | Rotation::Retry, Some(family)) => Ok(family.into()),
            (why, _) => Err(self.refuse(presented, why).await?),
        }
    }

    /// Verifies a refresh token without asking the store. Reports if it is refused.
    pub(crate) fn verify_refresh_token(&self, token: &str) -> Result<Presented, AuthError> {
        let presented = Presented::read(&self.verifier, &self.signer, token, Some(self.now()));
        presented
            .map_err(|reason| InvalidGrant::Token(reason).into())
            .inspect_err(|error| self.report_refused(None, error))
    }
}

//! Refresh: a presented token is exchanged for its successor.

use std::str::FromStr;

use uuid::Uuid;

use super::{Loaded, Loading, Presented, Session, Sessions, TokenPair, load, write_claims};
use crate::error::{AuthError, InvalidGrant};
use crate::family::{Family, Rotation, Swap, decide, settle};

impl Sessions {
    /// Exchanges a refresh token for a new pair, in one round trip to the store.
    pub(crate) async fn refresh<S, L>(
        &self,
        token: &str,
        loader: impl FnOnce(S) -> L,
    ) -> Result<TokenPair, AuthError>
    where
        S: FromStr,
        L: Loading<Output: Loaded>,
    {
        let presented = self.verify_refresh_token(token)?;
        let Some(claims) = load(&presented.subject, loader).await? else {
            self.end_family(&presented.subject, presented.sid).await?;
            return Err(InvalidGrant::NoSuchSubject.into());
        };
        let body = write_claims(&claims)?;

        let family = self.rotate(&presented).await?;
        self.sign_pair(&presented.subject, &body, &family, &presented.sign_in)
    }

    /// Asks the store to swap, and decides what its answer means. Returns the family whose current token is handed out.
    pub(crate) async fn rotate(&self, presented: &Presented) -> Result<Family, AuthError> {
        if self.revocations.has_ended(presented.sid) {
            return Err(self.end_again(presented).await?);
        }
        let now = self.now();
        let swap = Swap {
            presented: presented.jti,
            generation: presented.generation,
            next: Uuid::new_v4(),
            now,
            idle_end: now + self.settings.refresh_ttl,
        };
        let outcome =
            self.store.call(|store| store.compare_and_swap(&presented.subject, presented.sid, &swap)).await?;
        match settle(outcome, &swap, self.settings.reuse_grace) {
            Ok(family) => Ok(family),
            Err(Rotation::Reuse) => {
                self.end_family(&presented.subject, presented.sid).await?;
                log::warn!(
                    "jwt-auth: a refresh token was reused, so session {} of `{}` was ended",
                    presented.sid,
                    presented.subject.escape_debug()
                );
                Err(InvalidGrant::Reused.into())
            }
            Err(Rotation::Rotate) => Err(AuthError::internal("the store refused a swap that was due")),
            Err(Rotation::Expired) => Err(InvalidGrant::Expired.into()),
            Err(Rotation::Unknown | Rotation::Retry) => Err(InvalidGrant::Unknown.into()),
        }
    }

    /// Ends a session again that the store brought back because it lost its last writes. Otherwise, only this process
    /// would reject its new access tokens.
    async fn end_again(&self, presented: &Presented) -> Result<AuthError, AuthError> {
        // Looked up first, since ending a session writes and may wait for replicas.
        let found = self.store.call(|store| store.find(&presented.subject, presented.sid)).await?;
        if found.is_some() && self.end_family(&presented.subject, presented.sid).await? {
            log::warn!(
                "jwt-auth: the store lost the end of session {} of `{}`, so the session was ended again",
                presented.sid,
                presented.subject.escape_debug()
            );
        }
        Ok(InvalidGrant::Unknown.into())
    }

    /// Checks whether a refresh token would be accepted, without using it up.
    pub(crate) async fn check_refresh_token(&self, token: &str) -> Result<Session, AuthError> {
        self.check_presented(&self.verify_refresh_token(token)?).await
    }

    pub(crate) async fn check_presented(&self, presented: &Presented) -> Result<Session, AuthError> {
        if self.revocations.has_ended(presented.sid) {
            return Err(InvalidGrant::Unknown.into());
        }
        let family = self.store.call(|store| store.find(&presented.subject, presented.sid)).await?;
        let (jti, generation) = (presented.jti, presented.generation);
        let grace = self.settings.reuse_grace;
        match (decide(family.as_ref(), jti, generation, self.now(), grace), family) {
            (Rotation::Rotate | Rotation::Retry, Some(family)) => Ok(family.into()),
            (Rotation::Reuse, _) => Err(InvalidGrant::Reused.into()),
            (Rotation::Expired, _) => Err(InvalidGrant::Expired.into()),
            (_, _) => Err(InvalidGrant::Unknown.into()),
        }
    }

    /// Verifies a refresh token without asking the store.
    fn verify_refresh_token(&self, token: &str) -> Result<Presented, AuthError> {
        Presented::read(&self.verifier, token, Some(self.now()))
            .map_err(|reason| InvalidGrant::Token(reason).into())
    }
}

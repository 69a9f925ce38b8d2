//! Logout and revocation.

use uuid::Uuid;

use super::{Presented, Sessions};
use crate::auth::{AccessTokenId, AnyAuth, OnlyTokenOf};
use crate::config::RevocationMode;
use crate::error::{AuthError, InvalidToken, StoreError};
use crate::event::{EndReason, Event, Identity};
use crate::jws::is_id_of_only_token;
use crate::owner::{Owner, Revision};
use crate::revocation::Revocation;
use crate::store::Context;

impl Sessions {
    /// Ends the session of a refresh token, or the one that an access token names. Returns whether it existed.
    pub(crate) async fn invalidate_refresh_token(&self, token: &str) -> Result<bool, AuthError> {
        // The dates do not matter, because an expired token still identifies its session.
        match Presented::read(&self.verifier, &self.signer, token, None) {
            Ok(presented) => self.end_family(&presented.owner, presented.sid, EndReason::Logout).await,
            Err(_) => self.end_named_session(token).await,
        }
    }

    /// Ends the session of a refresh token of this app that could not be handed out.
    pub(crate) async fn discard(&self, refresh_token: &str) {
        if let Ok(presented) = Presented::read(&self.verifier, &self.signer, refresh_token, None) {
            self.end_or_report(&presented.owner, presented.sid, EndReason::Undelivered).await;
        }
    }

    /// Ends one session of an owner. No one waits for this, so an error is only reported to the observers.
    pub(super) async fn end_or_report(&self, owner: &Owner, sid: Uuid, reason: EndReason) {
        if let Err(error) = self.end_family(owner, sid, reason).await {
            self.report_end_failed(owner, sid, &error);
        }
    }

    /// Reports that a session that should end may still be live.
    pub(super) fn report_end_failed(&self, owner: &Owner, session: Uuid, error: &AuthError) {
        self.observers.emit(Event::EndFailed { identity: Identity::of(owner), session, error });
    }

    /// Ends one session of an owner, and revokes its access tokens. Returns whether the store had the session. If it
    /// did not, access tokens may still be valid: the store may have lost the session, or it may have ended the session
    /// in an earlier attempt whose answer was lost.
    pub(crate) async fn end_family(
        &self,
        owner: &Owner,
        sid: Uuid,
        reason: EndReason,
    ) -> Result<bool, AuthError> {
        let context = self.context(owner);
        let removed = self.store.call("remove", |store| store.remove(owner, sid, &context)).await;
        // It has also ended if too few replicas have acknowledged that.
        if let Err(error) = &removed
            && !is_unreplicated(error)
        {
            return removed;
        }
        self.revoke(Revocation::Session(owner.digest(), sid));
        self.long_lived.forget(sid);
        if *removed.as_ref().unwrap_or(&true) {
            if reason == EndReason::Reused {
                self.observers.emit(Event::Reused { identity: Identity::of(owner), session: sid });
            }
            self.observers.emit(Event::SessionEnded { identity: Identity::of(owner), session: sid, reason });
        }
        removed
    }

    /// Ends all sessions of an owner, and returns how many there were.
    pub(crate) async fn revoke_owner(&self, owner: &Owner) -> Result<usize, AuthError> {
        self.revoke_all(owner, None).await
    }

    /// Ends all sessions of the owner of an access token except the session of that token, and returns how many there
    /// were. A session that is no longer in the store is not spared, because a logout elsewhere may just have ended it.
    pub(crate) async fn revoke_others(&self, auth: &AnyAuth) -> Result<usize, AuthError> {
        let (owner, sid) = self.session_of(auth)?;
        self.revoke_all(&owner, Some(sid)).await
    }

    /// Ends all sessions of an owner except this one, and returns how many there were. Ends nothing and returns `None` if
    /// the owner has no such live session.
    pub(crate) async fn revoke_owner_except(
        &self,
        owner: &Owner,
        sid: Uuid,
    ) -> Result<Option<usize>, AuthError> {
        match self.list(owner).await?.iter().any(|session| session.id == sid) {
            true => self.revoke_all(owner, Some(sid)).await.map(Some),
            false => Ok(None),
        }
    }

    async fn revoke_all(&self, owner: &Owner, spared: Option<Uuid>) -> Result<usize, AuthError> {
        let context = self.context(owner);
        let removed =
            self.store.call("remove_all", |store| store.remove_all(owner, spared, &context)).await?;
        self.revoke(Revocation::Owner(owner.digest(), removed.revision, removed.spared));
        let identity = Identity::of(owner);
        self.observers.emit(Event::SubjectRevoked { identity, spared: removed.spared });
        for session in &removed.sids {
            let session = *session;
            self.long_lived.forget(session);
            self.observers.emit(Event::SessionEnded { identity, session, reason: EndReason::Everywhere });
        }
        Ok(removed.sids.len())
    }

    /// Returns the owner and the session id of an access token.
    ///
    /// # Errors
    ///
    /// Returns an error if the token comes from a trusted issuer, or belongs to no session.
    pub(crate) fn session_of(&self, auth: &AnyAuth) -> Result<(Owner, Uuid), AuthError> {
        Ok((self.owner(auth)?, auth.session_id().ok_or(InvalidToken::NoSession)?))
    }

    /// Returns the owner of an access token of this app.
    pub(crate) fn owner(&self, auth: &AnyAuth) -> Result<Owner, AuthError> {
        match auth.token().is_own {
            true => Ok(self.signer.owner(auth.token().kind, &auth.subject())),
            false => Err(InvalidToken::WrongIssuer.into()),
        }
    }

    /// Revokes one access token.
    pub(crate) async fn revoke_access_token(&self, token: AccessTokenId) -> Result<(), AuthError> {
        if !token.is_own {
            return Err(InvalidToken::WrongIssuer.into());
        }
        // Its revocation would be forgotten before it expires.
        if let Some(OnlyTokenOf { kind, subject, sid }) = token.session {
            let owner = self.signer.owner(kind, &subject);
            return self.end_family(&owner, sid, EndReason::Revoked).await.map(drop);
        }
        if is_id_of_only_token(token.id) {
            return Err(AuthError::internal(
                "this is the id of a long-lived token, which would be valid again after a while: end its session with \
                 `revoke_session`, or pass the `Auth` of the token",
            ));
        }
        if self.revocations.settings().mode == RevocationMode::Off {
            return Err(AuthError::internal(
                "the access token would stay valid, because `revocation` in [default.jwt_auth] is \"off\": set it to \
                 \"push\"",
            ));
        }
        let revocation = Revocation::Token(token.id);
        let context = Context::new(self.now(), Revision::default(), self.revocations.retention());
        let has_feed = self.store.call("tell", |store| store.tell(&revocation, &context)).await?;
        if !has_feed && self.store.inner().is_shared() {
            return Err(AuthError::internal(
                "the access token would stay valid in other processes, because the store has no feed: implement \
                 `RefreshStore::feed` and `tell`, or return `false` from `is_shared`",
            ));
        }
        self.revoke(revocation);
        self.observers.emit(Event::TokenRevoked { token: token.id });
        Ok(())
    }
}

/// Returns whether the store has carried out a call, although too few replicas have acknowledged it.
fn is_unreplicated(error: &AuthError) -> bool {
    let AuthError::TemporarilyUnavailable(cause) = error else { return false };
    matches!(cause.downcast_ref(), Some(StoreError::Unreplicated { .. }))
}

//! Logout: the end of a session.

use uuid::Uuid;

use super::{Presented, Sessions};
use crate::auth::AccessTokenId;
use crate::config::RevocationMode;
use crate::error::{AuthError, InvalidToken};
use crate::revocation::{Revocation, SubjectDigest};

impl Sessions {
    /// Ends the session of a refresh token. Returns whether it existed.
    pub(crate) async fn invalidate_refresh_token(&self, token: &str) -> Result<bool, AuthError> {
        // Dates do not matter: an old token identifies its session as well.
        match Presented::read(&self.verifier, token, None) {
            Ok(presented) => self.end_family(&presented.subject, presented.sid).await,
            Err(_) => Ok(false),
        }
    }

    /// Ends a family, and then its access tokens: also if the family is gone, since the answer to an earlier attempt may
    /// have been lost.
    pub(crate) async fn end_family(&self, subject: &str, sid: Uuid) -> Result<bool, AuthError> {
        let removed = self.store.call(|store| store.remove(subject, sid)).await?;
        self.revoke(Revocation::Session(sid));
        Ok(removed)
    }

    /// Ends one session of a subject. Returns whether the subject had it.
    pub(crate) async fn revoke_session(&self, subject: &str, sid: Uuid) -> Result<bool, AuthError> {
        let removed = self.store.call(|store| store.remove(subject, sid)).await?;
        if removed {
            self.revoke(Revocation::Session(sid));
        }
        Ok(removed)
    }

    /// Ends all sessions of a subject, and returns how many there were.
    pub(crate) async fn revoke_subject(&self, subject: &str) -> Result<usize, AuthError> {
        let now = self.now();
        let removed = self.store.call(|store| store.remove_all(subject, now)).await?;
        self.revoke(Revocation::Subject(SubjectDigest::of(subject), now));
        for sid in &removed {
            self.revoke(Revocation::Session(*sid));
        }
        Ok(removed.len())
    }

    /// Revokes one access token.
    pub(crate) async fn revoke_access_token(&self, token: AccessTokenId) -> Result<(), AuthError> {
        if !token.is_own {
            return Err(InvalidToken::WrongIssuer.into());
        }
        if self.revocations.settings().mode == RevocationMode::Off {
            return Err(AuthError::internal(
                "the access token would stay valid, since `revocation` in [default.jwt_auth] is \"off\": set it to \
                 \"push\"",
            ));
        }
        let has_feed = self.store.call(|store| store.revoke_token(token.id)).await?;
        if !has_feed && self.store.inner().is_shared() {
            return Err(AuthError::internal(
                "the access token would stay valid in other processes, since the store has no feed: implement `feed` and \
                 `revoke_token` of `RefreshStore`, or return `false` from `is_shared`",
            ));
        }
        self.revoke(Revocation::Token(token.id));
        Ok(())
    }
}

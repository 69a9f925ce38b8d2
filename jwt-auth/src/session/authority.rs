//! The token on whose authority another one is issued.

use uuid::Uuid;

use super::Sessions;
use crate::auth::AnyAuth;
use crate::error::{AuthError, InvalidToken};
use crate::owner::{Owner, Revision};

/// The access token of the caller who asked for another token.
pub(crate) struct Authority {
    owner: Owner,
    session: Option<Uuid>,
    revision: Revision,
}

impl Sessions {
    /// Returns the authority of an access token.
    ///
    /// # Errors
    ///
    /// A trusted issuer issued the token, so this app does not know whether it is revoked.
    pub(crate) fn authority(&self, auth: &AnyAuth) -> Result<Authority, AuthError> {
        let token = auth.token();
        let revision = token.revision.unwrap_or_default();
        Ok(Authority { owner: self.owner(auth)?, session: token.session_id, revision })
    }

    /// Checks with the store that the token was not revoked. It must be called after the new token has got its revision or
    /// its session: what is revoked later revokes the new token, too.
    ///
    /// # Errors
    ///
    /// The token was revoked, or the store does not answer.
    pub(super) async fn check_authority(&self, authority: &Authority) -> Result<(), AuthError> {
        let owner = &authority.owner;
        if let Some(session) = authority.session {
            return self.check_live(owner, session).await;
        }
        let context = self.context(owner);
        let revision = self.store.call("revision", |store| store.revision(owner, &context)).await?;
        match revision > authority.revision {
            true => Err(InvalidToken::Revoked.into()),
            false => Ok(()),
        }
    }
}

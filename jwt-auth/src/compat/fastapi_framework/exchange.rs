//! Sessions that begin with a refresh token of the other service.

use uuid::Uuid;

use super::refresh_token::RefreshToken;
use super::token_set::{Removal, TokenSet};
use crate::claims::{Body, SignInClaims};
use crate::error::{AuthError, Chain, InvalidGrant};
use crate::event::{EndReason, Event, Identity};
use crate::family::{Device, Family, PreviousToken};
use crate::owner::{Owner, Revision};
use crate::session::{Presented, Sessions, TokenPair};

/// Exchanges refresh tokens of the other service for sessions.
pub(super) struct Exchange<'a> {
    pub(super) sessions: &'a Sessions,
    pub(super) set: &'a dyn TokenSet,
}

impl Exchange<'_> {
    /// Begins a session whose previous token is this one. If the token is presented again, it gets the same successor,
    /// or counts as reuse.
    pub(super) async fn begin(&self, token: &RefreshToken<'_>, body: &Body) -> Result<TokenPair, AuthError> {
        let sessions = self.sessions;
        let owner = self.owner(token);
        let begun = sessions.new_family(Device::default());
        let previous = PreviousToken { id: token.id(), replaced_at: begun.created_at };
        let family = Family { sid: token.id(), generation: 1, previous: Some(previous), ..begun };
        sessions.signer.check(body)?;

        // The other service does not record when its users sign in.
        let sign = |family: &Family, revision| {
            sessions.sign_pair(&owner, body, family, &SignInClaims::default(), revision)
        };
        let removal =
            sessions.store.in_time("set_take", self.set.take(token.member(), Some(Uuid::new_v4()))).await?;
        let (pair, revoked) = match removal {
            Removal::Done => {
                let revision = match sessions.begin(&owner, &family).await {
                    Ok(revision) => revision,
                    Err(error) => {
                        self.put_back(token).await;
                        return Err(error);
                    }
                };
                let (identity, session) = (Identity::of(&owner), family.sid);
                sessions.observers.emit(Event::Refreshed { identity, session });
                (
                    sign(&family, revision)?,
                    sessions.store.in_time("set_has_begun", self.set.has_begun(token.member())).await?,
                )
            }
            removal => {
                let (family, revision) =
                    sessions.rotate(&self.presented(token), None).await.map_err(|error| match error {
                        AuthError::InvalidGrant(InvalidGrant::Unknown) if removal == Removal::InProgress => {
                            busy()
                        }
                        error => error,
                    })?;
                let revoked = sessions
                    .store
                    .in_time("set_revoked", self.set.revoked(&[token.member().subject]))
                    .await?;
                (sign(&family, revision)?, revoked.into_iter().next().flatten())
            }
        };
        // There may have been a logout everywhere after the token was removed and before the session began.
        if revoked.is_some_and(|up_to| token.exp <= up_to) {
            sessions.end_family(&owner, family.sid, EndReason::Everywhere).await?;
            return Err(InvalidGrant::Unknown.into());
        }
        Ok(pair)
    }

    /// Returns the owner of the session that begins with a token. The other service has only one kind of user.
    fn owner(&self, token: &RefreshToken<'_>) -> Owner {
        self.sessions.signer.owner(None, token.subject())
    }

    /// Returns the token as the previous one of the session that begins with it. The token has no revision, so it is
    /// rejected here only if that session has ended. A logout everywhere revokes the tokens in the SET.
    pub(super) fn presented(&self, token: &RefreshToken<'_>) -> Presented {
        Presented {
            owner: self.owner(token),
            sid: token.id(),
            jti: token.id(),
            generation: 0,
            revision: Revision::from_u64(u64::MAX),
            sign_in: SignInClaims::default(),
        }
    }

    /// Puts back a token whose session could not begin. Otherwise, the user would have to sign in again.
    async fn put_back(&self, token: &RefreshToken<'_>) {
        if let Err(error) = self.sessions.store.in_time("set_add", self.set.add(token.member())).await {
            log::warn!(
                "jwt-auth: a session could not begin, and its refresh token of fastapi_framework could not be put back \
                 into the SET `refresh_tokens`, so the user may have to sign in again: {}",
                Chain(&error)
            );
        }
    }

    /// Revokes the token, and ends the session that began with it.
    pub(super) async fn invalidate(
        &self,
        token: &RefreshToken<'_>,
        reason: EndReason,
    ) -> Result<bool, AuthError> {
        let removal = self.sessions.store.in_time("set_take", self.set.take(token.member(), None)).await?;
        let (owner, session) = (self.owner(token), token.id());
        let ended = self.sessions.end_family(&owner, session, reason).await?;
        if !ended && removal == Removal::Done {
            let identity = Identity::of(&owner);
            self.sessions.observers.emit(Event::SessionEnded { identity, session, reason });
        }
        match removal {
            Removal::InProgress if !ended => Err(busy()),
            _ => Ok(ended || removal == Removal::Done),
        }
    }
}

fn busy() -> AuthError {
    AuthError::unavailable("another request is about to begin a session with this token")
}

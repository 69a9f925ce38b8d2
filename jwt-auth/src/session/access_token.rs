//! Access tokens that no refresh token continues.

use std::time::Duration;

use uuid::Uuid;

use super::Sessions;
use super::authority::Authority;
use super::lifetime::Lifetime;
use crate::claims::{Body, Claims, SignInClaims};
use crate::clock::Timestamp;
use crate::error::AuthError;
use crate::family::{Device, Family};
use crate::jws::{TokenType, id_of_only_token};
use crate::owner::{Owner, Revision};
use crate::signer::TokenSpec;

/// The options of an access token.
#[derive(Default)]
pub(crate) struct AccessTokenOptions {
    pub(crate) ttl: Option<Lifetime>,
    pub(crate) label: Option<String>,
    /// The token of the caller who asked for this one, or the reason why it has no authority.
    pub(crate) authority: Option<Result<Authority, AuthError>>,
}

impl AccessTokenOptions {
    pub(crate) fn is_empty(&self) -> bool {
        self.ttl.is_none() && self.label.is_none() && self.authority.is_none()
    }
}

impl Sessions {
    /// Signs an access token. If it lives longer than other access tokens, a session begins for it, which ends the token
    /// when it is revoked.
    pub(crate) async fn create_access_token<C: Claims>(
        &self,
        claims: &C,
        mut options: AccessTokenOptions,
    ) -> Result<String, AuthError> {
        let authority = options.authority.take().transpose()?;
        let body = self.signer.prepare(claims)?;
        let owner = self.signer.owner(body.profile.audience, &claims.subject());
        self.issue_access_token(&owner, &body, options, authority).await
    }

    /// Signs an access token with these claims.
    async fn issue_access_token(
        &self,
        owner: &Owner,
        body: &Body,
        options: AccessTokenOptions,
        authority: Option<Authority>,
    ) -> Result<String, AuthError> {
        let access_ttl = self.verifier.access_ttl();
        let ttl = options.ttl.map(|ttl| ttl.get("ttl")).transpose()?.unwrap_or(access_ttl);
        if ttl > access_ttl {
            let device = Device::default().with_label(options.label.as_deref());
            return self.begin_for_token(owner, body, ttl, device, authority.as_ref()).await;
        }
        if options.label.is_some() {
            return Err(AuthError::internal(
                "an access token has a `label` only if it has a session of its own: set a `ttl` longer than `access_ttl`",
            ));
        }
        let context = self.context(owner);
        let revision = self.store.call("revision", |store| store.revision(owner, &context)).await?;
        if let Some(authority) = &authority {
            self.check_authority(authority).await?;
        }
        self.sign_access_token(body, self.now(), ttl, revision)
    }

    /// Signs an access token that belongs to no session and is issued at this time.
    pub(crate) fn sign_access_token(
        &self,
        body: &Body,
        issued_at: Timestamp,
        ttl: Duration,
        revision: Revision,
    ) -> Result<String, AuthError> {
        let spec = TokenSpec {
            token_type: TokenType::Access,
            token_id: Uuid::new_v4(),
            session_id: None,
            generation: None,
            revision,
            issued_at,
            expires_at: issued_at + ttl,
            sign_in: SignInClaims::default(),
        };
        self.signer.sign(body, &spec)
    }

    /// Begins a session without refresh tokens, and signs its only access token. If the authority for it was revoked, ends
    /// the session again.
    async fn begin_for_token(
        &self,
        owner: &Owner,
        body: &Body,
        ttl: Duration,
        device: Device,
        authority: Option<&Authority>,
    ) -> Result<String, AuthError> {
        let family = Family::without_refresh(self.now(), ttl, device);
        let begun_at = self.moment();
        let check_and_sign = async |revision| {
            if let Some(authority) = authority {
                self.check_authority(authority).await?;
            }
            let spec = TokenSpec {
                token_type: TokenType::Access,
                token_id: id_of_only_token(family.sid),
                session_id: Some(family.sid),
                generation: None,
                revision,
                issued_at: family.created_at,
                expires_at: family.absolute_end,
                sign_in: SignInClaims::default(),
            };
            self.signer.sign(body, &spec)
        };
        let token = self.begin_and_sign(owner, &family, check_and_sign).await?;
        self.was_live(family.sid, begun_at);
        Ok(token)
    }
}

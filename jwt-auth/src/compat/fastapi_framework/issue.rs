//! Tokens of the other service that this app issues.

use std::time::Duration;

use super::access_token;
use super::bridge::Bridge;
use super::refresh_token::{self, RefreshToken, UserId};
use super::token_set::{Member, SubjectDigest};
use crate::claims::Claims;
use crate::clock::Timestamp;
use crate::error::{AuthError, InvalidGrant};
use crate::event::{Event, Identity};
use crate::family::Device;
use crate::jws::TokenType;
use crate::session::TokenPair;
use crate::signer::Header;

impl Bridge {
    /// Signs an access token. Also returns its lifetime.
    pub(super) fn sign_access_token<C: Claims>(&self, claims: &C) -> Result<(String, Duration), AuthError> {
        const SECOND: Duration = Duration::from_secs(1);

        let now = self.sessions.now();
        // For these tokens, a logout everywhere counts in whole seconds, so this token must be issued in a later
        // second.
        let owner = self.sessions.signer.owner(None, &claims.subject());
        let revoked = self.sessions.revocations.heard_at(owner.digest());
        let issued_at = revoked.map_or(now, |at| now.max(at + SECOND));
        let expires_at = Timestamp::from_secs((issued_at + self.sessions.verifier.access_ttl()).as_secs());
        let payload = access_token::payload(claims, expires_at)?;
        let token = self.sessions.signer.sign_payload(Header::Of(TokenType::Jwt), &payload)?;
        Ok((token, expires_at.since(now)))
    }

    /// Signs a refresh token, and adds it to the SET. Also returns its lifetime.
    pub(super) async fn issue_refresh_token(
        &self,
        subject: &str,
        device: &Device,
    ) -> Result<(String, Duration), AuthError> {
        if subject.is_empty() {
            return Err(AuthError::internal("cannot issue a token: the subject is empty"));
        }
        let user_id = UserId::of(subject);
        let mut exp = self.new_exp();
        for _ in 0..2 {
            let token = refresh_token::sign(&self.sessions.signer, &user_id, exp)?;
            let member = Member { token: &token, subject: SubjectDigest::of(subject), exp };
            match self.sessions.store.in_time("set_add", self.set.add(member)).await? {
                None => {
                    let owner = self.sessions.signer.owner(None, subject);
                    let identity = Identity::of(&owner);
                    self.sessions.observers.emit(Event::SignedIn { identity, session: None, device });
                    return Ok((token, Timestamp::from_secs(exp).since(self.sessions.now())));
                }
                // There was a logout everywhere in the same second.
                Some(revoked) => exp = revoked + 1,
            }
        }
        Err(AuthError::unavailable("all tokens of the user were revoked during the login"))
    }

    /// Replaces a refresh token in the SET with a new one.
    pub(super) async fn rotate<C: Claims>(
        &self,
        token: &RefreshToken<'_>,
        claims: &C,
    ) -> Result<TokenPair, AuthError> {
        let access = self.sign_access_token(claims)?;
        // After a logout everywhere, a login in the same second gets a later `exp` than usual. Its successors need one,
        // too, or they would be revoked.
        let exp = self.new_exp().max(token.exp);
        let next = refresh_token::sign(&self.sessions.signer, &token.user_id, exp)?;
        match self.sessions.store.in_time("set_rotate", self.set.rotate(token.member(), &next)).await? {
            true => {
                let owner = self.sessions.signer.owner(None, token.subject());
                let (identity, session) = (Identity::of(&owner), token.id());
                self.sessions.observers.emit(Event::Refreshed { identity, session });
                Ok(TokenPair::new(access, (next, Timestamp::from_secs(exp).since(self.sessions.now()))))
            }
            false => Err(InvalidGrant::Unknown.into()),
        }
    }

    /// Returns the `exp` of a refresh token that is issued now.
    pub(super) fn new_exp(&self) -> u64 {
        (self.sessions.now() + self.sessions.settings.refresh_ttl).as_secs()
    }
}

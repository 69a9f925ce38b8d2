//! What becomes of logins, refreshes and logouts while there is something in common with the other
//! service.

use std::str::FromStr;
use std::time::Duration;

use uuid::Uuid;

use super::Compat;
use super::access_token;
use super::refresh_token::{self, RefreshToken, UserId};
use super::set::{Member, Taken};
use crate::claims::{Body, Claims, SignIn};
use crate::clock::Timestamp;
use crate::config::FastapiFramework::{Accept, Issue};
use crate::error::{AuthError, Chain, InvalidGrant, InvalidToken};
use crate::jwt_auth::JwtAuth;
use crate::keyring::TokenKind;
use crate::refresh::{Device, Family, Loaded, Loading, Presented, Previous, Session, TokenPair};
use crate::store::SubjectDigest;

/// A refresh token of the other service, and what it has in common with this one.
pub(crate) struct Foreign<'a, 't> {
    compat: &'a Compat,
    token: RefreshToken<'t>,
}

impl JwtAuth {
    /// A refresh token of the other service, if it is one and those count.
    pub(crate) fn foreign<'a, 't>(&'a self, token: &'t str) -> Option<Foreign<'a, 't>> {
        let compat = self.compat()?;
        let signed = self.verifier().signature(token, TokenKind::FastapiFramework).ok()?;
        Some(Foreign { compat, token: RefreshToken::read(token, &signed)? })
    }

    /// The other service, while tokens are issued in its format.
    pub(crate) fn issues_foreign(&self) -> Option<&Compat> {
        self.compat().filter(|compat| compat.phase == Issue)
    }

    /// Signs an access token.
    pub(crate) fn sign_foreign_access<C: Claims>(&self, claims: &C) -> Result<(String, Duration), AuthError> {
        const SECOND: Duration = Duration::from_secs(1);

        let now = self.now();
        // Whole seconds decide about a logout everywhere, and the token is of the time after it.
        let issued_at = self.revoked_before(&claims.subject()).map_or(now, |before| now.max(before + SECOND));
        let expires_at = Timestamp::from_secs((issued_at + self.settings().access_ttl).as_secs());
        let payload = access_token::payload(claims, expires_at)?;
        let token = self.issuer().sign_payload(TokenKind::FastapiFramework, None, &payload)?;
        Ok((token, expires_at.since(now)))
    }

    /// A login.
    pub(crate) async fn foreign_tokens<C: Claims>(
        &self,
        compat: &Compat,
        claims: &C,
    ) -> Result<TokenPair, AuthError> {
        let access = self.sign_foreign_access(claims)?;
        Ok(pair(access, self.foreign_refresh_token(compat, &claims.subject()).await?))
    }

    /// A login that gets a refresh token alone.
    pub(crate) async fn foreign_refresh_token(
        &self,
        compat: &Compat,
        subject: &str,
    ) -> Result<String, AuthError> {
        if subject.is_empty() {
            return Err(AuthError::internal("no token can be made: the subject is empty"));
        }
        let user_id = UserId::of(subject);
        let mut exp = self.foreign_exp();
        for _ in 0..2 {
            let token = refresh_token::sign(self.issuer(), &user_id, exp)?;
            let member = Member { token: &token, subject: SubjectDigest::of(subject), exp };
            match self.in_time(compat.set.add(member)).await? {
                None => return Ok(token),
                // A logout everywhere in the same second.
                Some(revoked) => exp = revoked + 1,
            }
        }
        Err(AuthError::unavailable("everything of the user was revoked during the login"))
    }

    /// A refresh.
    pub(crate) async fn refresh_foreign<S, L>(
        &self,
        foreign: &Foreign<'_, '_>,
        loader: impl FnOnce(S) -> L,
    ) -> Result<TokenPair, AuthError>
    where
        S: FromStr,
        L: Loading<Answer: Loaded>,
    {
        self.check_end(&foreign.token)?;
        let Some(claims) = self.load(foreign.token.subject(), loader).await? else {
            self.invalidate_foreign(foreign).await?;
            return Err(InvalidGrant::NoSuchSubject.into());
        };
        match foreign.compat.phase {
            Issue => self.rotate_foreign(foreign, &claims).await,
            Accept => self.exchange(foreign, &claims.body()?).await,
        }
    }

    async fn rotate_foreign<C: Claims>(
        &self,
        Foreign { compat, token }: &Foreign<'_, '_>,
        claims: &C,
    ) -> Result<TokenPair, AuthError> {
        let access = self.sign_foreign_access(claims)?;
        // A login after a logout everywhere in the same second has a later `exp` than is due: so has what
        // comes of it, or it would be revoked.
        let exp = self.foreign_exp().max(token.exp);
        let next = refresh_token::sign(self.issuer(), &token.user_id, exp)?;
        match self.in_time(compat.set.rotate(token.member(), &next)).await? {
            true => Ok(pair(access, next)),
            false => Err(InvalidGrant::Unknown.into()),
        }
    }

    /// Begins a session, of which the token counts as the one before the first: presented again it gets
    /// the same successor, or it was stolen.
    async fn exchange(
        &self,
        Foreign { compat, token }: &Foreign<'_, '_>,
        body: &Body,
    ) -> Result<TokenPair, AuthError> {
        let subject = token.subject();
        let begun = self.family(Device::default());
        let previous = Previous { id: token.id(), replaced_at: begun.created_at };
        let family = Family { sid: token.id(), generation: 1, previous: Some(previous), ..begun };
        // When its user signed in, the other service has not said.
        let pair = self.sign_pair(subject, body, &family, &SignIn::default())?;

        let (pair, revoked) = match self
            .in_time(compat.set.take(token.member(), Some(Uuid::new_v4())))
            .await?
        {
            Taken::Now => {
                if let Err(error) = self.begin(subject, &family).await {
                    // Its user would have to sign in again otherwise.
                    if let Err(error) = self.in_time(compat.set.add(token.member())).await {
                        log::warn!(
                            "jwt-auth: no session began, and the refresh token of fastapi_framework may be lost, so \
                             that its user has to sign in again: it could not be put back into the SET \
                             `refresh_tokens`: {}",
                            Chain(&error)
                        );
                    }
                    return Err(error);
                }
                (pair, self.in_time(compat.set.has_begun(token.member())).await?)
            }
            taken => {
                let family = self.rotate(&native(token)).await.map_err(|error| match error {
                    AuthError::InvalidGrant(InvalidGrant::Unknown) if taken == Taken::JustBefore => busy(),
                    error => error,
                })?;
                let revoked = self.in_time(compat.set.revoked(&[token.member().subject])).await?;
                (
                    self.sign_pair(subject, body, &family, &SignIn::default())?,
                    revoked.into_iter().next().flatten(),
                )
            }
        };
        // A logout everywhere may have come after the token was taken and before the session began.
        if revoked.is_some_and(|up_to| token.exp <= up_to) {
            self.end_family(subject, family.sid).await?;
            return Err(InvalidGrant::Unknown.into());
        }
        Ok(pair)
    }

    pub(crate) async fn check_foreign(
        &self,
        Foreign { compat, token }: &Foreign<'_, '_>,
    ) -> Result<Session, AuthError> {
        self.check_end(token)?;
        if !self.in_time(compat.set.contains(token.member())).await? {
            return self.check_presented(&native(token)).await;
        }
        let begun = token.expires_at().before(self.settings().refresh_ttl);
        Ok(Session {
            id: token.id(),
            created_at: begun,
            last_used_at: begun,
            expires_at: token.expires_at(),
            user_agent: None,
            label: None,
            ip: None,
        })
    }

    /// A logout: of the token, and of the session that began with it.
    pub(crate) async fn invalidate_foreign(
        &self,
        Foreign { compat, token }: &Foreign<'_, '_>,
    ) -> Result<bool, AuthError> {
        let taken = self.in_time(compat.set.take(token.member(), None)).await?;
        let ended = self.end_family(token.subject(), token.id()).await?;
        match taken {
            Taken::JustBefore if !ended => Err(busy()),
            _ => Ok(ended || taken == Taken::Now),
        }
    }

    /// A logout everywhere. The tokens in the SET are refused by this service from now on, and are
    /// removed in the background: which of them are the subject's, only looking at all of them can tell.
    pub(crate) async fn revoke_foreign(&self, subject: &str) -> Result<(), AuthError> {
        let Some(compat) = self.compat() else { return Ok(()) };
        self.in_time(compat.set.revoke(SubjectDigest::of(subject), self.foreign_exp())).await?;
        compat.sweep_soon();
        Ok(())
    }

    /// The `exp` of a refresh token that is issued now.
    fn foreign_exp(&self) -> u64 {
        (self.now() + self.settings().refresh_ttl).as_secs()
    }

    fn check_end(&self, token: &RefreshToken<'_>) -> Result<(), AuthError> {
        match self.now() >= token.expires_at() + self.settings().leeway {
            true => Err(InvalidGrant::Token(InvalidToken::Expired).into()),
            false => Ok(()),
        }
    }
}

fn pair((access_token, lives): (String, Duration), refresh_token: String) -> TokenPair {
    TokenPair { access_token, refresh_token, token_type: "bearer", expires_in: lives.as_secs() }
}

fn busy() -> AuthError {
    AuthError::unavailable("another request is about to begin a session with this token")
}

/// The token as one of the session that begins with it.
fn native(token: &RefreshToken<'_>) -> Presented {
    Presented {
        subject: token.subject().to_owned(),
        sid: token.id(),
        jti: token.id(),
        generation: 0,
        sign_in: SignIn::default(),
    }
}

//! The bridge to the other service: what logins, refreshes and logouts do while the two share a Redis.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use rocket::tokio::sync::Notify;

use super::access_token;
use super::exchange::{Exchange, presented};
use super::legacy::Legacy;
use super::refresh_token::{self, RefreshToken, UserId};
use super::token_set::{Member, TokenSet};
use crate::claims::Claims;
use crate::clock::Timestamp;
use crate::config::FastapiFramework::{self, Accept, Issue};
use crate::error::{AuthError, InvalidGrant, InvalidToken};
use crate::jws::TokenType;
use crate::revocation::SubjectDigest;
use crate::session::{Loaded, Loading, LoginOptions, Session, Sessions, TokenPair, load, write_claims};
use crate::signer::Header;

/// Begins, continues and ends sessions in common with the other service.
pub(crate) struct Bridge {
    phase: FastapiFramework,
    pub(super) set: Box<dyn TokenSet>,
    pub(super) sessions: Arc<Sessions>,
    /// Wakes up the sweep.
    pub(super) sweep: Arc<Notify>,
}

impl Bridge {
    pub(crate) fn new(legacy: Legacy, sessions: Arc<Sessions>) -> Self {
        Self { phase: legacy.phase, set: legacy.set, sessions, sweep: Arc::default() }
    }

    /// Signs an access token that belongs to no session.
    pub(crate) fn create_access_token<C: Claims>(&self, claims: &C) -> Result<String, AuthError> {
        match self.phase {
            Issue => self.sign_access_token(claims).map(|(token, _)| token),
            Accept => self.sessions.create_access_token(claims),
        }
    }

    /// Begins a session.
    pub(crate) async fn login<C: Claims>(
        &self,
        claims: &C,
        options: LoginOptions,
    ) -> Result<TokenPair, AuthError> {
        match self.phase {
            Issue => {
                let access = self.sign_access_token(claims)?;
                Ok(pair(access, self.issue_refresh_token(&claims.subject()).await?))
            }
            Accept => self.sessions.login(claims, options).await,
        }
    }

    /// Begins a session, and signs its refresh token alone.
    pub(crate) async fn create_refresh_token(&self, subject: &str) -> Result<String, AuthError> {
        match self.phase {
            Issue => self.issue_refresh_token(subject).await,
            Accept => self.sessions.create_refresh_token(subject).await,
        }
    }

    /// Exchanges a refresh token of either service for a new pair.
    pub(crate) async fn refresh<S, L>(
        &self,
        token: &str,
        loader: impl FnOnce(S) -> L,
    ) -> Result<TokenPair, AuthError>
    where
        S: FromStr,
        L: Loading<Output: Loaded>,
    {
        let Some(token) = self.legacy_token(token) else {
            return self.sessions.refresh(token, loader).await;
        };
        self.check_end(&token)?;
        let Some(claims) = load(token.subject(), loader).await? else {
            self.exchange().invalidate(&token).await?;
            return Err(InvalidGrant::NoSuchSubject.into());
        };
        match self.phase {
            Issue => self.rotate(&token, &claims).await,
            Accept => self.exchange().begin(&token, &write_claims(&claims)?).await,
        }
    }

    /// Checks whether a refresh token of either service would be accepted.
    pub(crate) async fn check_refresh_token(&self, token: &str) -> Result<Session, AuthError> {
        let Some(token) = self.legacy_token(token) else {
            return self.sessions.check_refresh_token(token).await;
        };
        self.check_end(&token)?;
        if !self.sessions.store.in_time(self.set.contains(token.member())).await? {
            return self.sessions.check_presented(&presented(&token)).await;
        }
        let begun = token.expires_at().before(self.sessions.settings.refresh_ttl);
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

    /// Ends the session of a refresh token of either service.
    pub(crate) async fn invalidate_refresh_token(&self, token: &str) -> Result<bool, AuthError> {
        match self.legacy_token(token) {
            Some(token) => self.exchange().invalidate(&token).await,
            None => self.sessions.invalidate_refresh_token(token).await,
        }
    }

    /// Ends all sessions of a subject. Its tokens in the SET are rejected from now on and removed in the background, since
    /// only a look at every member tells which are the subject's.
    pub(crate) async fn revoke_subject(&self, subject: &str) -> Result<usize, AuthError> {
        let revoked = self.set.revoke(SubjectDigest::of(subject), self.new_exp());
        self.sessions.store.in_time(revoked).await?;
        self.sweep.notify_one();
        self.sessions.revoke_subject(subject).await
    }

    fn exchange(&self) -> Exchange<'_> {
        Exchange { sessions: &self.sessions, set: &*self.set }
    }

    /// Returns a refresh token of the other service, if it is one.
    fn legacy_token<'t>(&self, token: &'t str) -> Option<RefreshToken<'t>> {
        let payload = self.sessions.verifier.legacy_signature(token).ok()?;
        RefreshToken::read(token, &payload)
    }

    /// Signs an access token. Also returns its lifetime.
    fn sign_access_token<C: Claims>(&self, claims: &C) -> Result<(String, Duration), AuthError> {
        const SECOND: Duration = Duration::from_secs(1);

        let now = self.sessions.now();
        // A logout everywhere counts whole seconds, and this token is issued after it.
        let revoked = self.sessions.revocations.before(&claims.subject());
        let issued_at = revoked.map_or(now, |before| now.max(before + SECOND));
        let expires_at = Timestamp::from_secs((issued_at + self.sessions.verifier.access_ttl()).as_secs());
        let payload = access_token::payload(claims, expires_at)?;
        let token = self.sessions.signer.sign_payload(Header::Of(TokenType::Jwt), &payload)?;
        Ok((token, expires_at.since(now)))
    }

    async fn issue_refresh_token(&self, subject: &str) -> Result<String, AuthError> {
        if subject.is_empty() {
            return Err(AuthError::internal("cannot issue a token: the subject is empty"));
        }
        let user_id = UserId::of(subject);
        let mut exp = self.new_exp();
        for _ in 0..2 {
            let token = refresh_token::sign(&self.sessions.signer, &user_id, exp)?;
            let member = Member { token: &token, subject: SubjectDigest::of(subject), exp };
            match self.sessions.store.in_time(self.set.add(member)).await? {
                None => return Ok(token),
                // A logout everywhere in the same second.
                Some(revoked) => exp = revoked + 1,
            }
        }
        Err(AuthError::unavailable("all tokens of the user were revoked during the login"))
    }

    async fn rotate<C: Claims>(&self, token: &RefreshToken<'_>, claims: &C) -> Result<TokenPair, AuthError> {
        let access = self.sign_access_token(claims)?;
        // A login right after a logout everywhere has a later `exp` than usual. So must its successors, or they would be
        // revoked.
        let exp = self.new_exp().max(token.exp);
        let next = refresh_token::sign(&self.sessions.signer, &token.user_id, exp)?;
        match self.sessions.store.in_time(self.set.rotate(token.member(), &next)).await? {
            true => Ok(pair(access, next)),
            false => Err(InvalidGrant::Unknown.into()),
        }
    }

    pub(super) fn leeway(&self) -> Duration {
        self.sessions.verifier.leeway()
    }

    /// Returns the `exp` of a refresh token that is issued now.
    fn new_exp(&self) -> u64 {
        (self.sessions.now() + self.sessions.settings.refresh_ttl).as_secs()
    }

    fn check_end(&self, token: &RefreshToken<'_>) -> Result<(), AuthError> {
        match self.sessions.now() >= token.expires_at() + self.leeway() {
            true => Err(InvalidGrant::Token(InvalidToken::Expired).into()),
            false => Ok(()),
        }
    }
}

fn pair((access_token, lifetime): (String, Duration), refresh_token: String) -> TokenPair {
    TokenPair::new(access_token, refresh_token, lifetime)
}

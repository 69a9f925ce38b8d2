//! The bridge to the other service: logins, refreshes and logouts while both share a Redis server.

use std::sync::Arc;
use std::time::Duration;

use rocket::tokio::sync::Notify;
use uuid::Uuid;

use super::exchange::Exchange;
use super::legacy::Legacy;
use super::refresh_token::RefreshToken;
use super::token_set::{SubjectDigest, TokenSet};
use crate::auth::AnyAuth;
use crate::claims::Claims;
use crate::config::FastapiFramework::{self, Accept, Issue};
use crate::error::{AuthError, InvalidGrant, InvalidToken};
use crate::event::EndReason;
use crate::family::Device;
use crate::owner::Owner;
use crate::session::{
    AccessTokenOptions, Loaded, LoaderParameter, Loading, LoginOptions, Presented, ReauthenticationOptions,
    Session, Sessions, TokenPair, load,
};

/// Begins, continues and ends sessions that the app shares with the other service.
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

    /// Signs an access token that no refresh token continues.
    pub(crate) async fn create_access_token<C: Claims>(
        &self,
        claims: &C,
        options: AccessTokenOptions,
    ) -> Result<String, AuthError> {
        match self.phase {
            Issue if !options.is_empty() => Err(not_in_issue("`ttl` and `label`")),
            Issue => self.sign_access_token(claims).map(|(token, _)| token),
            Accept => self.sessions.create_access_token(claims, options).await,
        }
    }

    /// Begins a session.
    pub(crate) async fn login<C: Claims>(
        &self,
        claims: &C,
        options: LoginOptions,
    ) -> Result<TokenPair, AuthError> {
        match self.phase {
            Issue if !options.lifetimes.is_empty() => Err(not_in_issue("`idle` and `absolute`")),
            Issue => {
                let access = self.sign_access_token(claims)?;
                let refresh = self.issue_refresh_token(&claims.subject(), &options.device).await?;
                Ok(TokenPair::new(access, refresh))
            }
            Accept => self.sessions.login(claims, options).await,
        }
    }

    /// Begins a session, and signs only its refresh token.
    pub(crate) async fn create_refresh_token(&self, owner: &Owner) -> Result<String, AuthError> {
        match self.phase {
            Issue if owner.kind().is_some() => Err(AuthError::internal(
                "a refresh token of fastapi_framework contains no audience to distinguish these claims from others",
            )),
            Issue => {
                let device = Device::default();
                self.issue_refresh_token(owner.subject(), &device).await.map(|(token, _)| token)
            }
            Accept => self.sessions.create_refresh_token(owner).await,
        }
    }

    /// Exchanges a refresh token of either service for a new pair.
    pub(crate) async fn refresh<S, L>(
        &self,
        token: &str,
        loader: impl FnOnce(S) -> L,
    ) -> Result<TokenPair, AuthError>
    where
        S: LoaderParameter,
        L: Loading<Output: Loaded>,
    {
        let Some(token) = self.legacy_token(token) else {
            return self.sessions.refresh(token, loader).await;
        };
        let presented = self.exchange().presented(&token);
        let refreshed = self.refresh_legacy(&token, &presented, loader).await;
        refreshed.inspect_err(|error| self.sessions.report_refused(Some(&presented), error))
    }

    async fn refresh_legacy<S, L>(
        &self,
        token: &RefreshToken<'_>,
        presented: &Presented,
        loader: impl FnOnce(S) -> L,
    ) -> Result<TokenPair, AuthError>
    where
        S: LoaderParameter,
        L: Loading<Output: Loaded>,
    {
        self.check_end(token)?;
        let exchange = self.exchange();
        let Some(loaded) = load(presented, loader).await? else {
            exchange.invalidate(token, EndReason::NoSuchSubject).await?;
            return Err(InvalidGrant::NoSuchSubject.into());
        };
        match self.phase {
            Issue => self.rotate(token, &loaded.claims).await,
            Accept => {
                loaded.read_back(&self.sessions.signer)?;
                exchange.begin(token, &loaded.body).await
            }
        }
    }

    /// Elevates a session. The tokens of the other service cannot express that.
    pub(crate) async fn reauthenticate<C: Claims>(
        &self,
        token: &str,
        claims: &C,
        options: ReauthenticationOptions,
    ) -> Result<TokenPair, AuthError> {
        match self.phase {
            Issue => Err(not_in_issue("a new sign-in of a session")),
            Accept => self.sessions.reauthenticate(token, claims, options).await,
        }
    }

    /// Checks that a refresh token of either service would be accepted.
    pub(crate) async fn check_refresh_token(&self, token: &str) -> Result<Session, AuthError> {
        let Some(token) = self.legacy_token(token) else {
            return self.sessions.check_refresh_token(token).await;
        };
        let presented = self.exchange().presented(&token);
        let end = self.check_end(&token);
        end.inspect_err(|error| self.sessions.report_refused(Some(&presented), error))?;
        if !self.sessions.store.in_time("set_contains", self.set.contains(token.member())).await? {
            return self.sessions.check_presented(&presented).await;
        }
        let begun = token.expires_at().before(self.sessions.settings.refresh_ttl);
        Ok(Session {
            id: token.id(),
            created_at: begun,
            last_used_at: begun,
            expires_at: token.expires_at(),
            ends_at: token.expires_at(),
            refreshable: true,
            user_agent: None,
            label: None,
            ip: None,
        })
    }

    /// Ends the session of a refresh token of either service.
    pub(crate) async fn invalidate_refresh_token(&self, token: &str) -> Result<bool, AuthError> {
        match self.legacy_token(token) {
            Some(token) => self.exchange().invalidate(&token, EndReason::Logout).await,
            None => self.sessions.invalidate_refresh_token(token).await,
        }
    }

    /// Ends all sessions of an owner, and revokes the tokens of its subject in the SET.
    pub(crate) async fn revoke_owner(&self, owner: &Owner) -> Result<usize, AuthError> {
        self.revoke_members(owner).await?;
        self.sessions.revoke_owner(owner).await
    }

    /// Ends all sessions of the owner of an access token except the session of that token, and revokes the tokens of
    /// its subject in the SET.
    pub(crate) async fn revoke_others(&self, auth: &AnyAuth) -> Result<usize, AuthError> {
        let (owner, _) = self.sessions.session_of(auth)?;
        self.revoke_members(&owner).await?;
        self.sessions.revoke_others(auth).await
    }

    /// Ends all sessions of an owner except this one, and revokes the tokens of its subject in the SET. Ends nothing and
    /// returns `None` if the owner has no such live session.
    pub(crate) async fn revoke_owner_except(
        &self,
        owner: &Owner,
        sid: Uuid,
    ) -> Result<Option<usize>, AuthError> {
        let ended = self.sessions.revoke_owner_except(owner, sid).await?;
        if ended.is_some() {
            self.revoke_members(owner).await?;
        }
        Ok(ended)
    }

    /// Revokes the tokens of a subject in the SET. They are rejected from now on, and are removed in the background,
    /// because every member must be read to find them.
    async fn revoke_members(&self, owner: &Owner) -> Result<(), AuthError> {
        // The other service has only one kind of user.
        if owner.kind().is_some() {
            return Ok(());
        }
        let revoked = self.set.revoke(SubjectDigest::of(owner.subject()), self.new_exp());
        self.sessions.store.in_time("set_revoke", revoked).await?;
        self.sweep.notify_one();
        Ok(())
    }

    fn exchange(&self) -> Exchange<'_> {
        Exchange { sessions: &self.sessions, set: &*self.set }
    }

    /// Parses a refresh token of the other service. Returns `None` if it is not one.
    fn legacy_token<'t>(&self, token: &'t str) -> Option<RefreshToken<'t>> {
        let payload = self.sessions.verifier.legacy_signature(token).ok()?;
        RefreshToken::read(token, &payload)
    }

    pub(super) fn leeway(&self) -> Duration {
        self.sessions.verifier.leeway()
    }

    fn check_end(&self, token: &RefreshToken<'_>) -> Result<(), AuthError> {
        match self.sessions.now() >= token.expires_at() + self.leeway() {
            true => Err(InvalidGrant::Token(InvalidToken::Expired).into()),
            false => Ok(()),
        }
    }
}

/// Returns the error for an option that the tokens of the other service cannot express.
fn not_in_issue(what: &str) -> AuthError {
    AuthError::internal(format!(
        "{what} cannot be set while `fastapi_framework` in [default.jwt_auth] is \"issue\": the tokens of the Python service \
         have no sessions of their own. Set it to \"accept\" first"
    ))
}

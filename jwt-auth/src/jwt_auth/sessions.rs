//! Sessions, as an app begins, continues and ends them.

use std::fmt::Display;
use std::str::FromStr;

use uuid::Uuid;

use super::{JwtAuth, Login};
use crate::claims::Claims;
use crate::error::AuthError;
use crate::session::{Loaded, Loading, Session, TokenPair};

impl JwtAuth {
    /// Begins a session: issues a pair of tokens for a user who has just signed in.
    ///
    /// A user who already has `max_sessions` sessions loses the least recently used one.
    ///
    /// Await it as it is, or after [`device`](Login::device) or [`acr`](Login::acr).
    ///
    /// # Errors
    ///
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store did not answer. No token was handed
    ///   out.
    /// - [`Internal`](AuthError::Internal), 500: the claims cannot be put into a token, or the app has no key that signs.
    ///
    /// # Example
    ///
    /// ```
    /// # use jwt_auth::{AuthError, Claims, JwtAuth, TokenPair};
    /// # #[derive(serde::Serialize, serde::Deserialize)]
    /// # struct User { id: u64 }
    /// # impl Claims for User { fn subject(&self) -> String { self.id.to_string() } }
    /// # async fn check_password(form: &str) -> Option<User> { Some(User { id: 5 }) }
    /// #[rocket::post("/login", data = "<form>")]
    /// async fn login(form: &str, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    ///     let user = check_password(form).await.ok_or(AuthError::InvalidCredentials)?;
    ///     auth.generate_tokens(&user).await
    /// }
    /// ```
    pub fn generate_tokens<'a, C: Claims>(&'a self, claims: &'a C) -> Login<'a, C> {
        Login::new(self, claims)
    }

    /// Begins a session and returns only its refresh token. A [`refresh`](Self::refresh) exchanges it for a pair.
    ///
    /// # Errors
    ///
    /// As [`generate_tokens`](Self::generate_tokens).
    pub async fn create_refresh_token(&self, subject: impl Display) -> Result<String, AuthError> {
        let subject = subject.to_string();
        match self.bridge() {
            Some(bridge) => bridge.create_refresh_token(&subject).await,
            None => self.engine().create_refresh_token(&subject).await,
        }
    }

    /// Exchanges a refresh token for a new pair, in one round trip to the store.
    ///
    /// `loader` gets the subject, parsed as the type of its parameter, and returns the user's current claims, or `None` if
    /// the user no longer exists; or a `Result` of that. It is called before the token is used up.
    ///
    /// | the token is | result |
    /// |---|---|
    /// | the current one of its session | a new pair; the idle end of the session moves |
    /// | the one before, within `reuse_grace` of its replacement | the same successor again: a client that raced itself or lost a response loses nothing |
    /// | any other token of a live session | an error: there is a copy of it, so the session ends, with its access tokens |
    ///
    /// # Errors
    ///
    /// - [`InvalidGrant`](AuthError::InvalidGrant), 401: the token is not valid, its session has ended, or its user no
    ///   longer exists. Clients are not told which.
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store or the loader did not answer. The
    ///   client can retry with the same token within `reuse_grace`; later too, unless the store had carried out the
    ///   refresh and only its answer was lost.
    /// - [`Internal`](AuthError::Internal), 500: the subject does not parse as the type that the loader takes, or the
    ///   loader's claims have another subject or cannot be put into a token.
    ///
    /// # Example
    ///
    /// ```
    /// # use jwt_auth::{AuthError, Claims, JwtAuth, TokenPair};
    /// # #[derive(serde::Serialize, serde::Deserialize)]
    /// # struct User { id: u64 }
    /// # impl Claims for User { fn subject(&self) -> String { self.id.to_string() } }
    /// # async fn find_user(id: u64) -> Result<Option<User>, std::io::Error> { Ok(Some(User { id })) }
    /// #[rocket::post("/refresh", data = "<token>")]
    /// async fn refresh(token: &str, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    ///     auth.refresh(token, |id: u64| find_user(id)).await
    /// }
    /// ```
    pub async fn refresh<S, L>(
        &self,
        token: &str,
        loader: impl FnOnce(S) -> L,
    ) -> Result<TokenPair, AuthError>
    where
        S: FromStr,
        L: Loading<Output: Loaded>,
    {
        match self.bridge() {
            Some(bridge) => bridge.refresh(token, loader).await,
            None => self.engine().refresh(token, loader).await,
        }
    }

    /// Returns the session of a refresh token if a refresh would accept the token. Does not use it up.
    ///
    /// # Errors
    ///
    /// - [`InvalidGrant`](AuthError::InvalidGrant): a refresh would not accept it.
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable): the store did not answer.
    pub async fn check_refresh_token(&self, token: &str) -> Result<Session, AuthError> {
        match self.bridge() {
            Some(bridge) => bridge.check_refresh_token(token).await,
            None => self.engine().check_refresh_token(token).await,
        }
    }

    /// Ends the session of a refresh token: a logout. Its access tokens are rejected from now on.
    ///
    /// Returns `false` if there was nothing to end: the session was gone, or the text is not a refresh token of this app.
    /// A client need not be told the difference (RFC 7009, section 2.2).
    ///
    /// # Errors
    ///
    /// [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable): the store did not answer. The session may be live.
    pub async fn invalidate_refresh_token(&self, token: &str) -> Result<bool, AuthError> {
        match self.bridge() {
            Some(bridge) => bridge.invalidate_refresh_token(token).await,
            None => self.engine().invalidate_refresh_token(token).await,
        }
    }

    /// Returns the live sessions of a subject, the newest first.
    ///
    /// # Errors
    ///
    /// [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable): the store did not answer.
    pub async fn sessions(&self, subject: impl Display) -> Result<Vec<Session>, AuthError> {
        self.engine().list(&subject.to_string()).await
    }

    /// Ends one session of a subject. Returns whether the subject had it. Its access tokens are rejected from now on. A
    /// session of another subject is not affected.
    ///
    /// # Errors
    ///
    /// [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable): the store did not answer. The session may be live. A
    /// retry may return `false` because the first attempt ended the session.
    pub async fn revoke_session(&self, subject: impl Display, id: Uuid) -> Result<bool, AuthError> {
        self.engine().revoke_session(&subject.to_string(), id).await
    }

    /// Ends all sessions of a subject, a logout everywhere, and returns how many there were. Their access tokens are
    /// rejected from now on, but not those of a later login. Also revokes the subject's tokens of no session that were
    /// issued up to this second.
    ///
    /// # Errors
    ///
    /// [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable): the store did not answer. Sessions may be live.
    pub async fn revoke_subject(&self, subject: impl Display) -> Result<usize, AuthError> {
        let subject = subject.to_string();
        match self.bridge() {
            Some(bridge) => bridge.revoke_subject(&subject).await,
            None => self.engine().revoke_subject(&subject).await,
        }
    }
}

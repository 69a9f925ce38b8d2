//! Methods that begin and continue sessions, and end the session of a token.

use std::fmt::Display;

use super::user_sessions::kind;
use super::{JwtAuth, Login, Reauthentication};
use crate::claims::Claims;
use crate::error::AuthError;
use crate::session::{Loaded, LoaderParameter, Loading, Session, TokenPair};

impl JwtAuth {
    /// Begins a session for a user who has just signed in, and issues the first pair of tokens.
    ///
    /// If the user already has `max_sessions` sessions, the least recently used one ends.
    ///
    /// Await the returned [`Login`]. Before that, its methods can set options, such as the [`device`](Login::device) or
    /// [lifetimes](Login::idle) of its own.
    ///
    /// # Errors
    ///
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store did not answer. No token was
    ///   issued.
    /// - [`Internal`](AuthError::Internal), 500: the claims cannot be put into a token, the app has no signing key, or an
    ///   option is not valid. No session begins. Only if the token would be too long is that found after the session has
    ///   been stored; the session is then ended at once, but may already have made another one end by `max_sessions`.
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

    /// Begins a session for a subject with claims of this type, and returns only its refresh token:
    /// `auth.create_refresh_token::<User>(5)`. A [`refresh`](Self::refresh) exchanges that for a pair. An enum with
    /// several kinds of claims is a compiler error.
    ///
    /// # Errors
    ///
    /// The same as those of [`generate_tokens`](Self::generate_tokens).
    pub async fn create_refresh_token<C: Claims>(&self, subject: impl Display) -> Result<String, AuthError> {
        let owner = self.owner(kind::<C>(), &subject.to_string());
        match self.bridge() {
            Some(bridge) => bridge.create_refresh_token(&owner).await,
            None => self.engine().create_refresh_token(&owner).await,
        }
    }

    /// Exchanges a refresh token for a new pair, in one round trip to the store. White space around the token is ignored.
    ///
    /// `loader` takes the subject, parsed as the type of its parameter, or a [`Continued`](crate::Continued), which
    /// also contains the time of the sign-in. It returns the user's current claims, or `None` if the user no longer
    /// exists, or a `Result` of these. It is called before the token is used up. The claims must be of the kind that
    /// the session began with, so the refresh token of a device does not give access to the account of a user with the
    /// same number.
    ///
    /// Never assign a subject to another user. If your app reuses names, see [`Continued`](crate::Continued).
    ///
    /// | the token is | result |
    /// |---|---|
    /// | the current one of its session | a new pair; the idle end of the session moves |
    /// | the previous one, until `reuse_grace` after the first use of an access token of its successor | the same successor again, so a client that raced itself or lost a response stays signed in |
    /// | any other token of a live session | an error: the token may have been stolen, so the session ends, and its access tokens are revoked |
    ///
    /// With `reuse_grace = "0s"`, no successor is issued twice. The guide explains [rotation and
    /// reuse](crate::guide::sessions).
    ///
    /// # Errors
    ///
    /// - [`InvalidGrant`](AuthError::InvalidGrant), 401: the token is invalid or of another kind of claims, its session
    ///   has ended, or its user no longer exists. This is also the error if the subject does not parse as the type that
    ///   the loader takes, or if the loader returned claims of another subject; the log then says so. The response does
    ///   not reveal the reason.
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store or the loader did not answer.
    ///   The client can retry with the same token at any time, unless `reuse_grace` is `"0s"`: the token may then have
    ///   been replaced.
    /// - [`Internal`](AuthError::Internal), 500: the claims cannot be put into a token, or the app has no signing key.
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
        S: LoaderParameter,
        L: Loading<Output: Loaded>,
    {
        match self.bridge() {
            Some(bridge) => bridge.refresh(token.trim_ascii(), loader).await,
            None => self.engine().refresh(token.trim_ascii(), loader).await,
        }
    }

    /// Elevates the session of a refresh token: its user has just signed in again, with the same or with a stronger method.
    /// The session continues, and the token is exchanged for a new pair as in a [`refresh`](Self::refresh). Its access token
    /// says that the user signed in now, which routes with [`fresh` or `acr`](crate::guide::step_up) require.
    ///
    /// Check the credentials first, and pass the claims of the user they belong to. They must be of the subject and the kind
    /// of the session.
    ///
    /// Await the returned [`Reauthentication`]. Before that, [`acr`](Reauthentication::acr) and
    /// [`elevated_for`](Reauthentication::elevated_for) can set its options.
    ///
    /// The store keeps the new sign-in with the session, so every later refresh issues tokens with it as well, including a
    /// concurrent one in another tab. A later reauthentication replaces it. The
    /// [loader](crate::Continued::signed_in_at) of a refresh still sees the sign-in that the session began with.
    ///
    /// # Errors
    ///
    /// - [`InvalidGrant`](AuthError::InvalidGrant), 401: a refresh would not accept the token. A reused token ends its
    ///   session.
    /// - [`InvalidCredentials`](AuthError::InvalidCredentials), 401: the claims are of another subject or kind. Nothing
    ///   changes, and the client keeps its tokens.
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store did not answer. The client can retry
    ///   with the same token at any time, unless `reuse_grace` is `"0s"`.
    /// - [`Internal`](AuthError::Internal), 500: an option is not valid, the claims cannot be put into a token, the app has
    ///   no signing key, the app's own store does not keep elevations, or `fastapi_framework` is `"issue"`, whose sessions
    ///   cannot be elevated.
    ///
    /// # Example
    ///
    /// ```
    /// # use jwt_auth::{AuthError, Claims, JwtAuth, TokenPair};
    /// # #[derive(serde::Serialize, serde::Deserialize)]
    /// # struct User { id: u64 }
    /// # impl Claims for User { fn subject(&self) -> String { self.id.to_string() } }
    /// # async fn check_code(form: &str) -> Option<User> { Some(User { id: 5 }) }
    /// # async fn confirm(auth: &JwtAuth, form: &str, refresh_token: &str) -> Result<TokenPair, AuthError> {
    /// let user = check_code(form).await.ok_or(AuthError::InvalidCredentials)?;
    /// auth.reauthenticate(refresh_token, &user).acr("mfa").elevated_for("10m").await
    /// # }
    /// ```
    pub fn reauthenticate<'a, C: Claims>(
        &'a self,
        refresh_token: &'a str,
        claims: &'a C,
    ) -> Reauthentication<'a, C> {
        Reauthentication::new(self, refresh_token, claims)
    }

    /// Returns the session of a refresh token if a [`refresh`](Self::refresh) would accept the token, without using it
    /// up. A token that was reused ends its session, as in a refresh.
    ///
    /// # Errors
    ///
    /// - [`InvalidGrant`](AuthError::InvalidGrant), 401: a refresh would not accept the token.
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store did not answer.
    pub async fn check_refresh_token(&self, token: &str) -> Result<Session, AuthError> {
        match self.bridge() {
            Some(bridge) => bridge.check_refresh_token(token.trim_ascii()).await,
            None => self.engine().check_refresh_token(token.trim_ascii()).await,
        }
    }

    /// Ends the session of a refresh token (a logout). Its access tokens are rejected from now on. An access token ends the
    /// session that it names, too, whether or not it has expired (RFC 7009, section 2.1).
    ///
    /// Returns `false` if there was nothing to end: the session had already ended, or the text is not a token of a
    /// session of this app. The client does not need to know which (RFC 7009, section 2.2).
    ///
    /// # Errors
    ///
    /// [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store did not answer. The session may
    /// still be live.
    pub async fn invalidate_refresh_token(&self, token: &str) -> Result<bool, AuthError> {
        match self.bridge() {
            Some(bridge) => bridge.invalidate_refresh_token(token.trim_ascii()).await,
            None => self.engine().invalidate_refresh_token(token.trim_ascii()).await,
        }
    }
}

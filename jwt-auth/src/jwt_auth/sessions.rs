//! Methods that begin, continue and end sessions.

use std::fmt::Display;

use uuid::Uuid;

use super::{JwtAuth, Login, Reauthentication};
use crate::auth::Auth;
use crate::claims::Claims;
use crate::error::AuthError;
use crate::event::EndReason;
use crate::owner::Owner;
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

    /// Returns the live sessions of a subject with claims of this type, newest first: `auth.sessions::<User>(5)`. An
    /// enum with several kinds of claims is a compiler error.
    ///
    /// # Errors
    ///
    /// [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store did not answer.
    pub async fn sessions<C: Claims>(&self, subject: impl Display) -> Result<Vec<Session>, AuthError> {
        self.sessions_of(kind::<C>(), &subject.to_string()).await
    }

    /// Ends one session of a subject with claims of this type, and returns whether the store had it. Its access tokens
    /// are rejected from now on, even if the store has lost the session. Sessions of other owners are not affected. An
    /// enum with several kinds of claims is a compiler error.
    ///
    /// # Errors
    ///
    /// [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store did not answer. The session may
    /// still be live. If a retry returns `false`, the first attempt may have ended it.
    pub async fn revoke_session<C: Claims>(
        &self,
        subject: impl Display,
        id: Uuid,
    ) -> Result<bool, AuthError> {
        self.revoke_session_of(kind::<C>(), &subject.to_string(), id).await
    }

    /// Ends all sessions of a subject with claims of this type (a logout everywhere), and returns how many the store
    /// had. All tokens of the subject that were issued before this call are rejected from now on, with or without a
    /// session, even if the store has lost the session. Tokens that are issued after this call are valid, regardless of
    /// the clocks of the processes. An enum with several kinds of claims is a compiler error.
    ///
    /// Also call it when you delete a user.
    ///
    /// ```compile_fail,E0080
    /// # use jwt_auth::{AuthError, Claims, JwtAuth};
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Claims, Serialize, Deserialize)]
    /// # struct User { #[claims(subject)] id: u64 }
    /// # #[derive(Claims, Serialize, Deserialize)]
    /// # #[claims(audience = "devices")]
    /// # struct Device { #[claims(subject)] id: u64 }
    /// #[derive(Claims, Serialize, Deserialize)]
    /// enum Caller {
    ///     User(User),
    ///     Device(Device),
    /// }
    ///
    /// async fn logout_everywhere(auth: &JwtAuth) -> Result<usize, AuthError> {
    ///     auth.revoke_subject::<Caller>(5).await // user 5 or device 5?
    /// }
    /// # fn boxed(auth: &JwtAuth) -> Box<dyn Future<Output = Result<usize, AuthError>> + '_> {
    /// #     Box::new(logout_everywhere(auth))
    /// # }
    /// # fn main() { std::hint::black_box(boxed as fn(&JwtAuth) -> _); }
    /// ```
    ///
    /// # Errors
    ///
    /// [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store did not answer. Sessions may still
    /// be live.
    pub async fn revoke_subject<C: Claims>(&self, subject: impl Display) -> Result<usize, AuthError> {
        self.revoke_subject_of(kind::<C>(), &subject.to_string()).await
    }

    /// Ends all sessions of a user except the one of this token ("sign out everywhere else"), and returns how many the
    /// store had. All other tokens of the user are rejected from now on, as with
    /// [`revoke_subject`](Self::revoke_subject). If the store no longer has the session of this token, it is not
    /// spared, because a logout elsewhere may just have ended it.
    ///
    /// Call it when a user changes their password.
    ///
    /// # Errors
    ///
    /// - [`InvalidToken`](AuthError::InvalidToken), 401: the token belongs to no session, or comes from a trusted
    ///   issuer.
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store did not answer. Sessions may
    ///   still be live.
    ///
    /// # Example
    ///
    /// ```
    /// # #[cfg(feature = "macros")] mod app {
    /// # use jwt_auth::{Auth, AuthError, Claims, JwtAuth, require_auth};
    /// # #[derive(Claims, serde::Serialize, serde::Deserialize)]
    /// # struct User { #[claims(subject)] id: u64 }
    /// # async fn change_password(id: u64, form: &str) {}
    /// #[require_auth]
    /// #[rocket::put("/password", data = "<form>")]
    /// async fn password(form: &str, user: Auth<User>, auth: &JwtAuth) -> Result<(), AuthError> {
    ///     change_password(user.id, form).await;
    ///     auth.revoke_others(&user).await?;
    ///     Ok(())
    /// }
    /// # }
    /// ```
    pub async fn revoke_others<C: Claims>(&self, auth: &Auth<C>) -> Result<usize, AuthError> {
        match self.bridge() {
            Some(bridge) => bridge.revoke_others(auth).await,
            None => self.engine().revoke_others(auth).await,
        }
    }

    pub(crate) async fn sessions_of(
        &self,
        kind: Option<&str>,
        subject: &str,
    ) -> Result<Vec<Session>, AuthError> {
        self.engine().list(&self.owner(kind, subject)).await
    }

    pub(crate) async fn revoke_session_of(
        &self,
        kind: Option<&str>,
        subject: &str,
        id: Uuid,
    ) -> Result<bool, AuthError> {
        self.engine().end_family(&self.owner(kind, subject), id, EndReason::Revoked).await
    }

    pub(crate) async fn revoke_subject_of(
        &self,
        kind: Option<&str>,
        subject: &str,
    ) -> Result<usize, AuthError> {
        let owner = self.owner(kind, subject);
        match self.bridge() {
            Some(bridge) => bridge.revoke_owner(&owner).await,
            None => self.engine().revoke_owner(&owner).await,
        }
    }

    pub(crate) async fn revoke_others_of(
        &self,
        kind: Option<&str>,
        subject: &str,
        spared: Uuid,
    ) -> Result<Option<usize>, AuthError> {
        let owner = self.owner(kind, subject);
        match self.bridge() {
            Some(bridge) => bridge.revoke_owner_except(&owner, spared).await,
            None => self.engine().revoke_owner_except(&owner, spared).await,
        }
    }

    fn owner(&self, kind: Option<&str>, subject: &str) -> Owner {
        self.engine().signer.owner(kind, subject)
    }
}

/// Returns the kind of claims of this type. Fails to compile if there are several.
const fn kind<C: Claims>() -> Option<&'static str> {
    const { C::CODEC.kind() }
}

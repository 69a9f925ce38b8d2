//! Sessions, as an app begins, continues and ends them.

use std::fmt::Display;

use uuid::Uuid;

use super::{JwtAuth, Login};
use crate::auth::Auth;
use crate::claims::Claims;
use crate::error::AuthError;
use crate::owner::Owner;
use crate::session::{Loaded, LoaderParameter, Loading, Session, TokenPair};

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

    /// Begins a session of claims of this type, and returns only its refresh token. A [`refresh`](Self::refresh) exchanges it
    /// for a pair: `auth.create_refresh_token::<User>(5)`. An enum of claims with several kinds does not compile here.
    ///
    /// # Errors
    ///
    /// As [`generate_tokens`](Self::generate_tokens).
    pub async fn create_refresh_token<C: Claims>(&self, subject: impl Display) -> Result<String, AuthError> {
        let owner = self.owner(kind::<C>(), &subject.to_string());
        match self.bridge() {
            Some(bridge) => bridge.create_refresh_token(&owner).await,
            None => self.engine().create_refresh_token(&owner).await,
        }
    }

    /// Exchanges a refresh token for a new pair, in one round trip to the store.
    ///
    /// `loader` gets the subject, parsed as the type of its parameter, or a [`Continued`](crate::Continued), which also says
    /// when the user signed in. It returns the user's current claims, or `None` if the user no longer exists; or a `Result`
    /// of that. It is called before the token is used up. The claims must be of the kind that the session began with: a
    /// refresh token of a device does not open the account of the user with the same number.
    ///
    /// Never assign a subject to another user: [`Continued`](crate::Continued) says what to do where names are reused.
    ///
    /// | the token is | result |
    /// |---|---|
    /// | the current one of its session | a new pair; the idle end of the session moves |
    /// | the one before, within `reuse_grace` of its replacement, or as long as no access token of its successor was used | the same successor again: a client that raced itself or lost a response loses nothing |
    /// | any other token of a live session | an error: there is a copy of it, so the session ends, with its access tokens |
    ///
    /// With `reuse_grace = "0s"`, no successor is handed out twice.
    ///
    /// # Errors
    ///
    /// - [`InvalidGrant`](AuthError::InvalidGrant), 401: the token is not valid or of another kind of claims, its session has
    ///   ended, or its user no longer exists; or its subject does not parse as the type that the loader takes, or the loader
    ///   returned another subject, which the log says. Clients are not told which.
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store or the loader did not answer. The
    ///   client can retry with the same token at any time.
    /// - [`Internal`](AuthError::Internal), 500: the claims cannot be put into a token, or the app has no key that signs.
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
            Some(bridge) => bridge.refresh(token, loader).await,
            None => self.engine().refresh(token, loader).await,
        }
    }

    /// Returns the session of a refresh token if a refresh would accept the token. Does not use it up. A token that was used
    /// before ends its session, as in a [`refresh`](Self::refresh).
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

    /// Returns the live sessions of a subject with claims of this type, the newest first: `auth.sessions::<User>(5)`. An enum
    /// of claims with several kinds does not compile here.
    ///
    /// # Errors
    ///
    /// [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable): the store did not answer.
    pub async fn sessions<C: Claims>(&self, subject: impl Display) -> Result<Vec<Session>, AuthError> {
        self.sessions_of(kind::<C>(), &subject.to_string()).await
    }

    /// Ends one session of a subject with claims of this type. Returns whether the store had it. Its access tokens are
    /// rejected from now on, even if the store has lost the session. A session of another owner is not affected. An enum of
    /// claims with several kinds does not compile here.
    ///
    /// # Errors
    ///
    /// [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable): the store did not answer. The session may be live. A
    /// retry may return `false` because the first attempt ended the session.
    pub async fn revoke_session<C: Claims>(
        &self,
        subject: impl Display,
        id: Uuid,
    ) -> Result<bool, AuthError> {
        self.revoke_session_of(kind::<C>(), &subject.to_string(), id).await
    }

    /// Ends all sessions of a subject with claims of this type, a logout everywhere, and returns how many the store had. All
    /// tokens of the subject that were issued before are rejected from now on, with or without a session, and even if the
    /// store has lost the session. Tokens that are issued after this call are valid, whatever the clocks of the processes
    /// say. An enum of claims with several kinds does not compile here.
    ///
    /// Call it when a user is deleted, too.
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
    ///     auth.revoke_subject::<Caller>(5).await // of user 5 or of device 5?
    /// }
    /// # fn boxed(auth: &JwtAuth) -> Box<dyn Future<Output = Result<usize, AuthError>> + '_> {
    /// #     Box::new(logout_everywhere(auth))
    /// # }
    /// # fn main() { std::hint::black_box(boxed as fn(&JwtAuth) -> _); }
    /// ```
    ///
    /// # Errors
    ///
    /// [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable): the store did not answer. Sessions may be live.
    pub async fn revoke_subject<C: Claims>(&self, subject: impl Display) -> Result<usize, AuthError> {
        self.revoke_subject_of(kind::<C>(), &subject.to_string()).await
    }

    /// Ends all sessions of a user except the one of this token, and returns how many the store had: "sign out everywhere
    /// else". All other tokens of the user are rejected from now on, as with [`revoke_subject`](Self::revoke_subject). If the
    /// store no longer has the session of this token, it ends as well: a logout elsewhere may just have ended it.
    ///
    /// Call it when a user changes the password.
    ///
    /// # Errors
    ///
    /// - [`InvalidToken`](AuthError::InvalidToken), 401: the token belongs to no session, or to a trusted issuer.
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable): the store did not answer. Sessions may be live.
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
        self.engine().end_family(&self.owner(kind, subject), id).await
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

    fn owner(&self, kind: Option<&str>, subject: &str) -> Owner {
        self.engine().signer.owner(kind, subject)
    }
}

/// Returns the one kind of claims of this type.
const fn kind<C: Claims>() -> Option<&'static str> {
    const { C::CODEC.kind() }
}

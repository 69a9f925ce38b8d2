//! Access tokens that no refresh token continues, and checks and revocations of single tokens.

use std::sync::Arc;

use super::{JwtAuth, NewAccessToken};
use crate::auth::{AccessTokenId, AnyAuth, Auth};
use crate::claims::Claims;
use crate::error::{AuthError, InvalidToken};
use crate::verify::{CacheEntry, ClaimsType};

impl JwtAuth {
    /// Issues an access token that no refresh token continues, for a program that calls the app. It is valid for
    /// `access_ttl` and belongs to no session, unless its [`ttl`](NewAccessToken::ttl) is longer.
    ///
    /// Await the returned [`NewAccessToken`]. Before that, [`ttl`](NewAccessToken::ttl) and
    /// [`label`](NewAccessToken::label) can set its options.
    ///
    /// Asks the store once for the revision of the subject, so a token that is issued after a call of
    /// [`revoke_subject`](Self::revoke_subject) is valid, and one that was issued before it is not.
    ///
    /// [`revoke_access_token`](Self::revoke_access_token) revokes the token before it expires, and
    /// [`revoke_subject`](Self::revoke_subject) revokes all tokens of its subject. Wherever the store is asked about
    /// the session (`revocation = "strict"`, `#[require_auth(strict)]`), a token without a session is rejected. For users
    /// who sign in, call [`generate_tokens`](Self::generate_tokens) instead.
    ///
    /// # Errors
    ///
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store did not answer.
    /// - [`Internal`](AuthError::Internal), 500: the claims cannot be put into a token, the app has no signing key, or an
    ///   option is not valid. No session begins, except as in [`generate_tokens`](Self::generate_tokens) if the token would
    ///   be too long.
    pub fn create_access_token<'a, C: Claims>(&'a self, claims: &'a C) -> NewAccessToken<'a, C> {
        NewAccessToken::new(self, claims)
    }

    /// Verifies an access token that does not come from the `Authorization` header of a request, but from a WebSocket
    /// message, for example.
    ///
    /// Checks everything that a guard checks, but never waits for the store, whatever the setting `revocation`. To also
    /// ask the store whether the session is live, call [`check_session`](Self::check_session). Like a request, this
    /// confirms in the background that the client has received the tokens of its last refresh.
    ///
    /// A [long-lived](NewAccessToken::ttl) token is valid only as long as the store says so, and accepted only if this
    /// process has asked within `access_ttl`. [`authenticate`](Self::authenticate) asks.
    ///
    /// # Errors
    ///
    /// - [`InvalidToken`](AuthError::InvalidToken), 401: the token is invalid. The error contains the reason, which is
    ///   [`NotChecked`](crate::InvalidToken::NotChecked) if only the store can decide.
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the feed of revocations is stale, and
    ///   `when_stale` is `"refuse"`.
    /// - [`Internal`](AuthError::Internal), 500: `C` names an issuer that is not in the setting `issuers`.
    ///
    /// # Example
    ///
    /// ```
    /// # use jwt_auth::{AuthError, Claims, JwtAuth};
    /// # #[derive(serde::Serialize, serde::Deserialize)]
    /// # struct User { name: String }
    /// # impl Claims for User { fn subject(&self) -> String { self.name.clone() } }
    /// /// Greets the user whose token is the first message on a WebSocket.
    /// fn greet(auth: &JwtAuth, message: &str) -> Result<String, AuthError> {
    ///     let user = auth.verify::<User>(message)?;
    ///     Ok(format!("Hello, {}!", user.name))
    /// }
    /// ```
    pub fn verify<C: Claims>(&self, token: &str) -> Result<Auth<C>, AuthError> {
        let auth = self.verifier().verify(token, ClaimsType::of::<C>())?;
        self.engine().check_is_known(auth.token())?;
        self.engine().confirm(&auth);
        Ok(auth.typed())
    }

    /// Authenticates the bearer of an access token that does not come with a request, as a guard does. Unlike
    /// [`verify`](Self::verify), it asks the store where a guard would: with `revocation = "strict"`, and about
    /// [long-lived](NewAccessToken::ttl) tokens. It also fetches the keys of a trusted issuer if necessary.
    ///
    /// # Errors
    ///
    /// - [`InvalidToken`](AuthError::InvalidToken), 401: the token is invalid, or its session has ended. The error contains
    ///   the reason.
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store or a trusted issuer did not answer,
    ///   or the feed of revocations is stale, and `when_stale` is `"refuse"`.
    /// - [`Internal`](AuthError::Internal), 500: `C` names an issuer that is not in the setting `issuers`.
    ///
    /// # Example
    ///
    /// ```
    /// # use jwt_auth::{AuthError, Claims, JwtAuth};
    /// # #[derive(serde::Serialize, serde::Deserialize)]
    /// # struct Program { name: String }
    /// # impl Claims for Program { fn subject(&self) -> String { self.name.clone() } }
    /// /// Greets a program that sends its token over a connection that is not HTTP.
    /// async fn greet(auth: &JwtAuth, token: &str) -> Result<String, AuthError> {
    ///     let program = auth.authenticate::<Program>(token).await?;
    ///     Ok(format!("Hello, {}!", program.name))
    /// }
    /// ```
    pub async fn authenticate<C: Claims>(&self, token: &str) -> Result<Auth<C>, AuthError> {
        Ok(self.authenticate_any(token, ClaimsType::of::<C>()).await?.typed())
    }

    async fn authenticate_any(&self, token: &str, claims: &ClaimsType) -> Result<AnyAuth, AuthError> {
        #[cfg(feature = "remote")]
        self.verifier().fetch_keys(token, claims).await?;
        let auth = self.verify_and_end_again(token, &self.verifier().entry(token), claims).await?;
        self.engine().check_with_store(&auth, async || self.engine().check_session(&auth).await).await?;
        self.engine().confirm(&auth);
        Ok(auth)
    }

    /// Verifies an access token. If it is rejected because it was revoked, ends its session again where nothing else would.
    pub(crate) async fn verify_and_end_again(
        &self,
        token: &str,
        entry: &Arc<CacheEntry>,
        claims: &ClaimsType,
    ) -> Result<AnyAuth, AuthError> {
        let auth = self.verifier().authenticate(token, entry, claims);
        if let Err(AuthError::InvalidToken(InvalidToken::Revoked)) = auth {
            Box::pin(self.engine().end_if_resurrected(token, entry)).await;
        }
        auth
    }

    /// Revokes one access token before it expires, by its id (`jti`). Use it, for example, for a leaked token of
    /// [`create_access_token`](Self::create_access_token): the other tokens of its subject stay valid. Pass the
    /// [`Auth`] that a guard or [`verify`](Self::verify) returned, or a [`token_id`](Auth::token_id) that the app
    /// stored.
    ///
    /// The session of a [long-lived](NewAccessToken::ttl) token ends with it. Its bare id does not tell whose session that
    /// is, so call [`revoke_session`](Self::revoke_session) with the id of the session instead.
    ///
    /// This process rejects the token from now on, and all processes that share its Redis do so a moment later. A
    /// process that was disconnected rejects it once it has caught up, and a new process before its first request. With
    /// the memory store, the revocation is forgotten when the process ends.
    ///
    /// Nothing else ends. If the token belongs to a session with a refresh token, the session continues, and its refresh
    /// token can get another access token (RFC 7009, section 2.1, leaves this to the server). To end the session, call
    /// [`revoke_session`](Self::revoke_session). It is not an error if the token has expired, was revoked before, or
    /// never existed (RFC 7009, section 2.2).
    ///
    /// An id does not reveal whose token it is, so check first that the caller may revoke it.
    ///
    /// # Errors
    ///
    /// - [`InvalidToken`](AuthError::InvalidToken), 401: the token comes from a trusted issuer, and only that issuer
    ///   can revoke it. A bare id does not reveal its issuer, so revoking it has no effect in that case.
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store did not answer. The token may or
    ///   may not be revoked; try again.
    /// - [`Internal`](AuthError::Internal), 500: no process would reject the token because `revocation` is `"off"`, or
    ///   some would not because the app's own store [has no feed](crate::store::RefreshStore::tell), or a bare id is that
    ///   of a long-lived token. Nothing was revoked.
    ///
    /// # Example
    ///
    /// ```
    /// # #[cfg(feature = "macros")] mod app {
    /// # use jwt_auth::{Auth, AuthError, Claims, JwtAuth, require_auth};
    /// # use rocket::post;
    /// # use serde::{Deserialize, Serialize};
    /// #[derive(Claims, Serialize, Deserialize)]
    /// #[claims(audience = "programs")]
    /// struct Program {
    ///     #[claims(subject)]
    ///     owner: u64,
    ///     name: String,
    /// }
    ///
    /// // A program revokes its own token.
    /// #[require_auth]
    /// #[post("/done")]
    /// async fn done(program: Auth<Program>, auth: &JwtAuth) -> Result<(), AuthError> {
    ///     auth.revoke_access_token(&program).await
    /// }
    /// # }
    /// ```
    pub async fn revoke_access_token(&self, token: impl Into<AccessTokenId>) -> Result<(), AuthError> {
        self.engine().revoke_access_token(token.into()).await
    }

    /// Asks the store whether the session of an access token is live. Call it before an action that must not happen
    /// even in the moment until all processes know of a logout. With the setting `revocation = "strict"`, every request
    /// does this.
    ///
    /// # Errors
    ///
    /// - [`InvalidToken`](AuthError::InvalidToken), 401: the session has ended, or the token belongs to no session or
    ///   comes from a trusted issuer.
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store did not answer.
    pub async fn check_session<C: Claims>(&self, auth: &Auth<C>) -> Result<(), AuthError> {
        self.engine().check_session(&auth.to_any()).await
    }
}

//! Access tokens that belong to no session, and the revocation of single tokens.

use super::JwtAuth;
use crate::auth::{AccessTokenId, Auth};
use crate::claims::Claims;
use crate::error::AuthError;

impl JwtAuth {
    /// Issues an access token that belongs to no session. It is valid for `access_ttl`.
    ///
    /// Asks the store once for the revision of the subject, so a token that is issued after a call of
    /// [`revoke_subject`](Self::revoke_subject) is valid, and one that was issued before it is not.
    ///
    /// [`revoke_access_token`](Self::revoke_access_token) revokes the token before it expires, and
    /// [`revoke_subject`](Self::revoke_subject) revokes all tokens of its subject. Wherever the store is asked about
    /// the session (`revocation = "strict"`, `#[require_auth(strict)]`), the token is rejected. For users who sign in,
    /// call [`generate_tokens`](Self::generate_tokens) instead.
    ///
    /// # Errors
    ///
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store did not answer.
    /// - [`Internal`](AuthError::Internal), 500: the claims cannot be put into a token, or the app has no signing key.
    pub async fn create_access_token<C: Claims>(&self, claims: &C) -> Result<String, AuthError> {
        match self.bridge() {
            Some(bridge) => bridge.create_access_token(claims).await,
            None => self.engine().create_access_token(claims).await,
        }
    }

    /// Verifies an access token that does not come from the `Authorization` header of a request, but from a WebSocket
    /// message, for example.
    ///
    /// Checks everything that a guard checks, but never waits for the store, whatever the setting `revocation`. To also
    /// ask the store whether the session is live, call [`check_session`](Self::check_session). Like a request, this
    /// confirms in the background that the client has received the tokens of its last refresh.
    ///
    /// # Errors
    ///
    /// - [`InvalidToken`](AuthError::InvalidToken), 401: the token is invalid. The error contains the reason.
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
        let auth = self.verifier().verify(token)?;
        self.engine().confirm(&auth);
        Ok(auth)
    }

    /// Revokes one access token before it expires, by its id (`jti`). Use it, for example, for a leaked token of
    /// [`create_access_token`](Self::create_access_token): the other tokens of its subject stay valid. Pass the
    /// [`Auth`] that a guard or [`verify`](Self::verify) returned, or a [`token_id`](Auth::token_id) that the app
    /// stored.
    ///
    /// This process rejects the token from now on, and all processes that share its Redis do so a moment later. A
    /// process that was disconnected rejects it once it has caught up, and a new process before its first request. With
    /// the memory store, the revocation is forgotten when the process ends.
    ///
    /// Nothing else ends. If the token belongs to a session, the session continues, and its refresh token can get
    /// another access token (RFC 7009, section 2.1, leaves this to the server). To end the session, call
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
    ///   some would not because the app's own store [has no feed](crate::store::RefreshStore::tell). Nothing was
    ///   revoked.
    ///
    /// # Example
    ///
    /// ```
    /// # #[cfg(feature = "macros")] mod app {
    /// # use jwt_auth::{Auth, AuthError, Claims, JwtAuth, require_auth};
    /// # use rocket::{State, delete, post};
    /// # use serde::{Deserialize, Serialize};
    /// # use uuid::Uuid;
    /// # struct Db;
    /// # impl Db {
    /// #     async fn keep(&self, _: u64, _: &str, _: Uuid) {}
    /// #     async fn tokens(&self, _: u64, _: &str) -> Vec<Uuid> { Vec::new() }
    /// # }
    /// #[derive(Claims, Serialize, Deserialize)]
    /// struct User {
    ///     #[claims(subject)]
    ///     id: u64,
    /// }
    ///
    /// // This has its own audience, so no route accepts the token of a program as that of a user.
    /// #[derive(Claims, Serialize, Deserialize)]
    /// #[claims(audience = "programs")]
    /// struct Program {
    ///     #[claims(subject)]
    ///     owner: u64,
    ///     name: String,
    /// }
    ///
    /// #[require_auth]
    /// #[post("/programs/<name>/token")]
    /// async fn create(
    ///     name: &str,
    ///     user: Auth<User>,
    ///     auth: &JwtAuth,
    ///     db: &State<Db>,
    /// ) -> Result<String, AuthError> {
    ///     let token = auth.create_access_token(&Program { owner: user.id, name: name.to_owned() }).await?;
    ///     db.keep(user.id, name, auth.verify::<Program>(&token)?.token_id()).await;
    ///     Ok(token)
    /// }
    ///
    /// // A user revokes the tokens of a program by their ids.
    /// #[require_auth]
    /// #[delete("/programs/<name>")]
    /// async fn withdraw(
    ///     name: &str,
    ///     user: Auth<User>,
    ///     auth: &JwtAuth,
    ///     db: &State<Db>,
    /// ) -> Result<(), AuthError> {
    ///     for id in db.tokens(user.id, name).await {
    ///         auth.revoke_access_token(id).await?;
    ///     }
    ///     Ok(())
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
        self.engine().check_session(auth).await
    }
}

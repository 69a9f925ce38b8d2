//! Access tokens that belong to no session, and the revocation of single tokens.

use super::JwtAuth;
use crate::auth::{AccessTokenId, Auth};
use crate::claims::Claims;
use crate::error::AuthError;

impl JwtAuth {
    /// Issues an access token that belongs to no session. It is valid for `access_ttl`.
    ///
    /// It asks the store once, for the revision of the subject: so a token that is issued after a
    /// [`revoke_subject`](Self::revoke_subject) is valid, and one that was issued before it is not.
    ///
    /// [`revoke_access_token`](Self::revoke_access_token) revokes it earlier, and
    /// [`revoke_subject`](Self::revoke_subject) revokes all tokens of its subject. It is rejected where the store is
    /// asked about the session (`revocation = "strict"`, `#[require_auth(strict)]`). For users who sign in, call
    /// [`generate_tokens`](Self::generate_tokens).
    ///
    /// # Errors
    ///
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store did not answer.
    /// - [`Internal`](AuthError::Internal), 500: the claims cannot be put into a token, or the app has no key that signs.
    pub async fn create_access_token<C: Claims>(&self, claims: &C) -> Result<String, AuthError> {
        match self.bridge() {
            Some(bridge) => bridge.create_access_token(claims).await,
            None => self.engine().create_access_token(claims).await,
        }
    }

    /// Verifies an access token that did not come with a request, such as a WebSocket message. Never waits for the store,
    /// whatever the setting `revocation`; [`check_session`](Self::check_session) does. Like a request, it shows in the
    /// background that the tokens of the last refresh have arrived.
    ///
    /// # Errors
    ///
    /// [`InvalidToken`](AuthError::InvalidToken), with the reason.
    pub fn verify<C: Claims>(&self, token: &str) -> Result<Auth<C>, AuthError> {
        let auth = self.verifier().verify(token)?;
        self.engine().confirm(&auth);
        Ok(auth)
    }

    /// Revokes one access token before it expires, by its id (`jti`): for example, a leaked token of
    /// [`create_access_token`](Self::create_access_token), while the other tokens of its subject stay valid. Pass what a
    /// guard or [`verify`](Self::verify) returned, or a [`token_id`](Auth::token_id) that was stored.
    ///
    /// This process rejects the token from now on, and all processes that share its Redis do so a moment later: a process
    /// that was disconnected when it catches up, and a new process before its first request. With the memory store, the
    /// process that ends forgets the revocation.
    ///
    /// Nothing else ends. If the token belongs to a session, the session continues, and its refresh token gets another
    /// access token (RFC 7009, section 2.1, leaves that to the server): [`revoke_session`](Self::revoke_session) ends it.
    /// A token that has expired, was revoked before or never existed is no error (RFC 7009, section 2.2).
    ///
    /// An id does not reveal whose token it is, so check first that the caller may revoke it.
    ///
    /// # Errors
    ///
    /// - [`InvalidToken`](AuthError::InvalidToken), 401: the token is of a trusted issuer, and only that issuer can revoke
    ///   it. A bare id does not reveal that, and then has no effect.
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store did not answer. The token may or
    ///   may not be revoked; try again.
    /// - [`Internal`](AuthError::Internal), 500: no process would reject it, because `revocation` is `"off"`, or not all
    ///   of them would, because the app's own store [has no feed](crate::store::RefreshStore::tell). Nothing was
    ///   done.
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
    /// // With an audience of its own, so that no route accepts one in place of the other.
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
    /// // A user revokes the tokens of a program by their ids,
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
    /// // and a program revokes its own token.
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

    /// Asks the store whether the session of an access token is live, for what must not happen in the moment before a
    /// logout is heard everywhere. With the setting `revocation = "strict"`, every request asks.
    ///
    /// # Errors
    ///
    /// - [`InvalidToken`](AuthError::InvalidToken): the session has ended, or the token belongs to none, or to a trusted
    ///   issuer.
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable): the store did not answer.
    pub async fn check_session<C: Claims>(&self, auth: &Auth<C>) -> Result<(), AuthError> {
        self.engine().check_session(auth).await
    }
}

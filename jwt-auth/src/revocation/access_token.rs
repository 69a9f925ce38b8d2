//! One access token, ended by its id.

use uuid::Uuid;

use crate::auth::Auth;
use crate::config;
use crate::error::{AuthError, InvalidToken};
use crate::jwt_auth::JwtAuth;
use crate::store::Revocation;

/// Which access token [`revoke_access_token`](JwtAuth::revoke_access_token) is to end: made of `&Auth<C>`, or of
/// its id alone.
#[derive(Clone, Copy, Debug)]
pub struct AccessTokenId {
    id: Uuid,
    /// Ids of other issuers are in another name space.
    is_ours: bool,
}

impl JwtAuth {
    /// Ends one access token before it expires, by its id (`jti`): one of
    /// [`create_access_token`](Self::create_access_token) that leaked, say, while the other tokens of its subject
    /// stay good. `token` is what a guard or [`verify`](Self::verify) gave, or the
    /// [`token_id`](Auth::token_id) that was kept of it.
    ///
    /// It is refused by this process from now on, and a moment later by all that share its Redis; by one that was
    /// cut off, when it hears of it, and by one that starts, before its first request. Where sessions are kept in
    /// memory, the process that ends forgets it.
    ///
    /// Nothing else ends. If the token belongs to a session, that lives, and its refresh token gets another access
    /// token (RFC 7009, section 2.1, leaves that to the server): [`revoke_session`](Self::revoke_session) ends it.
    /// A token that has expired, was revoked before or never existed is no error (RFC 7009, section 2.2).
    ///
    /// An id says nothing of whose token it is: see first that the caller may end it.
    ///
    /// # Errors
    ///
    /// - [`InvalidToken`](AuthError::InvalidToken), 401: the token is one of another issuer, who alone can end it.
    ///   An id alone does not tell: that of such a token does not end it.
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store gave no answer. The token may
    ///   be refused or not; ask again.
    /// - [`Internal`](AuthError::Internal), 500: nobody would refuse it, since `revocation` is `"off"`, or not every
    ///   process, since the app's own store [tells nobody](crate::store::RefreshStore::revoke_token). Nothing was
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
    /// // Of an audience of its own: no route takes one for the other.
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
    ///     let token = auth.create_access_token(&Program { owner: user.id, name: name.to_owned() })?;
    ///     db.keep(user.id, name, auth.verify::<Program>(&token)?.token_id()).await;
    ///     Ok(token)
    /// }
    ///
    /// // A user ends what a program was given, by the ids,
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
    /// // and a program that is done the token that it comes with.
    /// #[require_auth]
    /// #[post("/done")]
    /// async fn done(program: Auth<Program>, auth: &JwtAuth) -> Result<(), AuthError> {
    ///     auth.revoke_access_token(&program).await
    /// }
    /// # }
    /// ```
    pub async fn revoke_access_token(&self, token: impl Into<AccessTokenId>) -> Result<(), AuthError> {
        let AccessTokenId { id, is_ours } = token.into();
        if !is_ours {
            return Err(InvalidToken::WrongIssuer.into());
        }
        if self.settings().revocation == config::Revocation::Off {
            return Err(AuthError::internal(
                "the access token would stay good, since `revocation` in [default.jwt_auth] is \"off\": set it to \
                 \"push\"",
            ));
        }
        let is_told = self.store_call(|store| store.revoke_token(id)).await?;
        if !is_told && self.shares_sessions() {
            return Err(AuthError::internal(
                "the access token would stay good in other processes, since the store tells nobody: implement \
                 `feed` and `revoke_token` of `RefreshStore`, or let `is_shared` say that there are no others",
            ));
        }
        self.revoke(Revocation::Token(id));
        Ok(())
    }
}

impl<C> From<&Auth<C>> for AccessTokenId {
    fn from(auth: &Auth<C>) -> Self {
        Self { id: auth.token_id(), is_ours: auth.is_ours() }
    }
}

impl From<Uuid> for AccessTokenId {
    fn from(id: Uuid) -> Self {
        Self { id, is_ours: true }
    }
}

//! Methods that list and end the sessions of a user.

use std::fmt::Display;

use uuid::Uuid;

use super::JwtAuth;
use crate::auth::Auth;
use crate::claims::Claims;
use crate::error::AuthError;
use crate::event::EndReason;
use crate::owner::Owner;
use crate::session::Session;

impl JwtAuth {
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
        let auth = auth.to_any();
        match self.bridge() {
            Some(bridge) => bridge.revoke_others(&auth).await,
            None => self.engine().revoke_others(&auth).await,
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

    pub(super) fn owner(&self, kind: Option<&str>, subject: &str) -> Owner {
        self.engine().signer.owner(kind, subject)
    }
}

/// Returns the kind of claims of this type. Fails to compile if there are several.
pub(super) const fn kind<C: Claims>() -> Option<&'static str> {
    const { C::CODEC.kind() }
}

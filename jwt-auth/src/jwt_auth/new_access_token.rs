//! The builder of an access token that no refresh token continues.

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use super::JwtAuth;
use crate::auth::Auth;
use crate::claims::Claims;
use crate::error::AuthError;
use crate::session::{AccessTokenOptions, Lifetime};

/// An access token about to be issued, which [`JwtAuth::create_access_token`] creates. It is issued when this is awaited.
#[must_use = "no token is issued until this is awaited"]
pub struct NewAccessToken<'a, C> {
    auth: &'a JwtAuth,
    claims: &'a C,
    options: AccessTokenOptions,
}

impl<'a, C> NewAccessToken<'a, C> {
    pub(super) fn new(auth: &'a JwtAuth, claims: &'a C) -> Self {
        Self { auth, claims, options: AccessTokenOptions::default() }
    }

    /// Sets how long the token is valid, from one second to ten years: a [`Duration`](std::time::Duration), or text such as
    /// `"90d"`. The default is the setting `access_ttl`.
    ///
    /// A token with a **longer** lifetime than `access_ttl` gets a session of its own, without a refresh token. The session
    /// is listed and ended like any other: by [`revoke_session`](JwtAuth::revoke_session),
    /// [`revoke_subject`](JwtAuth::revoke_subject), the [session routes](crate::session_routes) and the command-line tool
    /// `jwt-auth`. Its [`refreshable`](crate::Session::refreshable) is `false`. `max_sessions` limits these sessions
    /// separately from those that begin with a login, and ends the oldest one.
    ///
    /// Each process asks the store about the session when it first gets the token, and again after every `access_ttl`. In
    /// between, it learns of the end of the session as of any other. If the store does not answer then, requests with the
    /// token are rejected with 503.
    ///
    /// The key that signs the token must stay in the settings for as long: its
    /// [`retire_at`](crate::guide::keys#rotating-a-signing-key-step-by-step) must not be earlier than the end of the token.
    /// If Redis can fail over, set [`wait_replicas`](crate::guide::revocation#redis), so that no revocation is lost.
    ///
    /// A token with a shorter lifetime belongs to no session, as without this option.
    ///
    /// ```
    /// # use jwt_auth::{AuthError, Claims, JwtAuth};
    /// # #[derive(serde::Serialize, serde::Deserialize)]
    /// # struct Program { owner: u64 }
    /// # impl Claims for Program { fn subject(&self) -> String { self.owner.to_string() } }
    /// # async fn issue(auth: &JwtAuth, program: Program) -> Result<String, AuthError> {
    /// auth.create_access_token(&program).ttl("90d").label("ci").await
    /// # }
    /// ```
    pub fn ttl(mut self, ttl: impl Into<Lifetime>) -> Self {
        self.options.ttl = Some(ttl.into());
        self
    }

    /// Issues the token only if the token of the caller who asked for it is not revoked, and asks the store about that after
    /// the new token has got its session. Otherwise, a request that runs while all tokens of the user are revoked could get a
    /// new one out of a revoked one.
    ///
    /// If the token of the caller was revoked, or comes from a trusted issuer, the result is
    /// [`InvalidToken`](AuthError::InvalidToken), 401, and no token is issued.
    pub fn on_behalf_of<A: Claims>(mut self, caller: &Auth<A>) -> Self {
        self.options.authority = Some(self.auth.engine().authority(&caller.to_any()));
        self
    }

    /// Sets the name of the token in the list of sessions, such as the name of the program that uses it. The first 64
    /// bytes are stored, without control characters. Only a token with a [`ttl`](Self::ttl) longer than `access_ttl` is
    /// listed; for any other, this is an [`Internal`](AuthError::Internal) error.
    pub fn label(mut self, label: &str) -> Self {
        self.options.label = Some(label.to_owned());
        self
    }
}

impl<'a, C: Claims> IntoFuture for NewAccessToken<'a, C> {
    type Output = Result<String, AuthError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            match self.auth.bridge() {
                Some(bridge) => bridge.create_access_token(self.claims, self.options).await,
                None => self.auth.engine().create_access_token(self.claims, self.options).await,
            }
        })
    }
}

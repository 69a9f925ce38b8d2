//! The builder of a login.

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use super::JwtAuth;
use crate::claims::Claims;
use crate::error::AuthError;
use crate::family::Device;
use crate::session::{LoginOptions, TokenPair};

/// A login in progress, which [`JwtAuth::generate_tokens`] creates. The session begins when this is awaited.
#[must_use = "no session begins until this is awaited"]
pub struct Login<'a, C> {
    auth: &'a JwtAuth,
    claims: &'a C,
    options: LoginOptions,
}

impl<'a, C> Login<'a, C> {
    pub(super) fn new(auth: &'a JwtAuth, claims: &'a C) -> Self {
        Self { auth, claims, options: LoginOptions::default() }
    }

    /// Stores the device with the session, for the user's list of sessions.
    pub fn device(mut self, device: Device) -> Self {
        self.options.device = device;
        self
    }

    /// Sets whether a browser remembers the session when it is closed, if the response puts the tokens into cookies
    /// ([`SignedIn`](crate::SignedIn)). By default, it does not: an unticked box of a form is absent. The choice holds for
    /// the whole session.
    pub fn remember(mut self, remember: bool) -> Self {
        self.options.remember = remember;
        self
    }

    /// Sets the authentication context of the sign-in (`acr`; OpenID Connect Core, section 2), for routes that require
    /// one: `#[require_auth(acr = "…")]`. The tokens of the session keep it across refreshes. A different context
    /// requires a new login.
    ///
    /// ```
    /// # use jwt_auth::{AuthError, Claims, JwtAuth, TokenPair};
    /// # #[derive(serde::Serialize, serde::Deserialize)]
    /// # struct User { id: u64 }
    /// # impl Claims for User { fn subject(&self) -> String { self.id.to_string() } }
    /// # async fn check_passkey(form: &str) -> Option<User> { Some(User { id: 5 }) }
    /// #[rocket::post("/login/passkey", data = "<form>")]
    /// async fn login(form: &str, auth: &JwtAuth) -> Result<TokenPair, AuthError> {
    ///     let user = check_passkey(form).await.ok_or(AuthError::InvalidCredentials)?;
    ///     auth.generate_tokens(&user).acr("phr").await
    /// }
    /// ```
    pub fn acr(mut self, acr: &str) -> Self {
        self.options.acr = Some(acr.into());
        self
    }
}

impl<'a, C: Claims> IntoFuture for Login<'a, C> {
    type Output = Result<TokenPair, AuthError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            match self.auth.bridge() {
                Some(bridge) => bridge.login(self.claims, self.options).await,
                None => self.auth.engine().login(self.claims, self.options).await,
            }
        })
    }
}

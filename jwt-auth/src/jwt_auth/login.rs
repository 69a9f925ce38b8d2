//! The builder of a login.

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use super::JwtAuth;
use crate::claims::Claims;
use crate::error::AuthError;
use crate::family::Device;
use crate::session::{Lifetime, Lifetimes, LoginOptions, TokenPair};

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

    /// Sets how long the session lives without a refresh, instead of `refresh_ttl`: a
    /// [`Duration`](std::time::Duration), or text such as `"1h"`. It may be longer or shorter than the setting, but not
    /// longer than the whole session. Every refresh of this session uses it.
    ///
    /// ```
    /// # use jwt_auth::{AuthError, Claims, JwtAuth, TokenPair};
    /// # #[derive(serde::Serialize, serde::Deserialize)]
    /// # struct User { id: u64 }
    /// # impl Claims for User { fn subject(&self) -> String { self.id.to_string() } }
    /// // An administrator who is away for an hour signs in again, and everyone does so once a day.
    /// # async fn login(auth: &JwtAuth, admin: User) -> Result<TokenPair, AuthError> {
    /// auth.generate_tokens(&admin).idle("1h").absolute("12h").await
    /// # }
    /// ```
    pub fn idle(mut self, idle: impl Into<Lifetime>) -> Self {
        self.options.lifetimes.idle = Some(idle.into());
        self
    }

    /// Sets how long the session lives, however often it is refreshed, instead of `session_ttl`: a
    /// [`Duration`](std::time::Duration), or text such as `"12h"`. It may be longer or shorter than the setting. Without
    /// [`idle`](Self::idle), a session that is shorter than `refresh_ttl` stays alive until its end even without a refresh.
    pub fn absolute(mut self, absolute: impl Into<Lifetime>) -> Self {
        self.options.lifetimes.absolute = Some(absolute.into());
        self
    }

    /// Sets the authentication context of the sign-in (`acr`; OpenID Connect Core, section 2), for routes that require
    /// one: `#[require_auth(acr = "…")]`. The tokens of the session keep it across refreshes, until a
    /// [reauthentication](JwtAuth::reauthenticate) sets another.
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

impl<C> Login<'_, C> {
    pub(super) fn lifetimes(mut self, lifetimes: Lifetimes, elevated_for: Option<Lifetime>) -> Self {
        self.options.lifetimes = lifetimes;
        self.options.elevated_for = elevated_for;
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

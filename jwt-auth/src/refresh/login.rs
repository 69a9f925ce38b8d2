//! A login: the beginning of a family.

use std::fmt::Display;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;

use super::{Device, Family, TokenPair};
use crate::claims::{Claims, SignIn};
use crate::error::AuthError;
use crate::jwt_auth::JwtAuth;
use crate::store::Revocation;

impl JwtAuth {
    /// Begins a session: a new pair of tokens for a user who has just signed in.
    ///
    /// A user who has `max_sessions` already loses the one used longest ago.
    ///
    /// Awaited as it is, or after [`device`](GenerateTokens::device) or [`acr`](GenerateTokens::acr).
    ///
    /// # Errors
    ///
    /// - [`TemporarilyUnavailable`](AuthError::TemporarilyUnavailable), 503: the store gave no
    ///   answer. No token was handed out.
    /// - [`Internal`](AuthError::Internal), 500: the claims cannot be put into a token, or the app
    ///   has no key to sign with.
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
    pub fn generate_tokens<'a, C: Claims>(&'a self, claims: &'a C) -> GenerateTokens<'a, C> {
        GenerateTokens { auth: self, claims, device: Device::default(), acr: None }
    }

    /// Begins a session and hands out its refresh token alone. A [`refresh`](Self::refresh) gets an
    /// access token for it.
    ///
    /// # Errors
    ///
    /// Those of [`generate_tokens`](Self::generate_tokens).
    pub async fn create_refresh_token(&self, subject: impl Display) -> Result<String, AuthError> {
        let subject = subject.to_string();
        if let Some(compat) = self.issues_foreign() {
            return self.foreign_refresh_token(compat, &subject).await;
        }
        let family = self.family(Device::default());
        let token =
            self.sign_refresh_token(&subject, &family, family.created_at, &SignIn::at(family.created_at))?;
        self.begin(&subject, &family).await?;
        Ok(token)
    }

    pub(crate) fn family(&self, device: Device) -> Family {
        Family::begin(self.now(), self.settings().refresh_ttl, self.settings().session_ttl, device)
    }

    /// Keeps a family, once there are tokens of it.
    pub(crate) async fn begin(&self, subject: &str, family: &Family) -> Result<(), AuthError> {
        let (now, max_sessions) = (family.created_at, self.settings().max_sessions);
        let dropped = self.store_call(|store| store.insert(subject, family, now, max_sessions)).await?;
        for sid in dropped {
            self.revoke(Revocation::Session(sid));
        }
        Ok(())
    }
}

/// A login on its way. Made by [`JwtAuth::generate_tokens`]; nothing happens until it is awaited.
#[must_use = "no session begins until this is awaited"]
pub struct GenerateTokens<'a, C> {
    auth: &'a JwtAuth,
    claims: &'a C,
    device: Device,
    acr: Option<Arc<str>>,
}

impl<C> GenerateTokens<'_, C> {
    /// Keeps with the session what its user may want to see of the device.
    pub fn device(mut self, device: Device) -> Self {
        self.device = device;
        self
    }

    /// Says by which way the user signed in (`acr`, OpenID Connect Core, section 2), for routes that ask for
    /// one: `#[require_auth(acr = "…")]`. The tokens of the session say so however often they are refreshed;
    /// another way is a new login.
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
        self.acr = Some(acr.into());
        self
    }
}

impl<'a, C: Claims> IntoFuture for GenerateTokens<'a, C> {
    type Output = Result<TokenPair, AuthError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            if let Some(compat) = self.auth.issues_foreign() {
                return self.auth.foreign_tokens(compat, self.claims).await;
            }
            let body = self.claims.body()?;
            let subject = self.claims.subject();
            let family = self.auth.family(self.device);
            let sign_in = SignIn { acr: self.acr, ..SignIn::at(family.created_at) };
            let pair = self.auth.sign_pair(&subject, &body, &family, &sign_in)?;
            self.auth.begin(&subject, &family).await?;
            Ok(pair)
        })
    }
}

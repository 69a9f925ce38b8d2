//! The builder of a reauthentication.

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use super::JwtAuth;
use crate::claims::Claims;
use crate::error::AuthError;
use crate::session::{Lifetime, ReauthenticationOptions, TokenPair};

/// A new sign-in within a session, which [`JwtAuth::reauthenticate`] creates. It takes effect when this is awaited.
#[must_use = "nothing changes until this is awaited"]
pub struct Reauthentication<'a, C> {
    auth: &'a JwtAuth,
    refresh_token: &'a str,
    claims: &'a C,
    options: ReauthenticationOptions,
}

impl<'a, C> Reauthentication<'a, C> {
    pub(super) fn new(auth: &'a JwtAuth, refresh_token: &'a str, claims: &'a C) -> Self {
        Self { auth, refresh_token, claims, options: ReauthenticationOptions::default() }
    }

    /// Sets the authentication context of this sign-in (`acr`), of at most 52 bytes. Without it, the new sign-in has none,
    /// even if the earlier one had: `acr` and `auth_time` always describe the same sign-in.
    pub fn acr(mut self, acr: &str) -> Self {
        self.options.acr = Some(acr.to_owned());
        self
    }

    /// Sets how long the new sign-in counts: a [`Duration`](std::time::Duration), or text such as `"10m"`. After that, a
    /// refresh issues tokens with the sign-in that the session began with again, and access tokens with the new sign-in are
    /// no longer valid (verifiers accept them for their `leeway`). By default, the new sign-in counts for the rest of the
    /// session.
    pub fn elevated_for(mut self, duration: impl Into<Lifetime>) -> Self {
        self.options.elevated_for = Some(duration.into());
        self
    }

    pub(super) fn with_options(self, acr: Option<String>, elevated_for: Option<Lifetime>) -> Self {
        Self { options: ReauthenticationOptions { acr, elevated_for }, ..self }
    }
}

impl<'a, C: Claims> IntoFuture for Reauthentication<'a, C> {
    type Output = Result<TokenPair, AuthError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let token = self.refresh_token.trim_ascii();
            match self.auth.bridge() {
                Some(bridge) => bridge.reauthenticate(token, self.claims, self.options).await,
                None => self.auth.engine().reauthenticate(token, self.claims, self.options).await,
            }
        })
    }
}

//! The users of the app, of whatever type.

use std::any::Any;

use rocket::{Request, async_trait};

use super::JwtAuth;
use crate::claims::Claims;
use crate::error::AuthError;
use crate::family::Device;
use crate::session::{Continued, SignIn, TokenPair, Users};

/// The users of an app.
#[async_trait]
pub(crate) trait ErasedUsers: Any + Send + Sync {
    /// Continues the session of a refresh token.
    async fn renew(
        &self,
        auth: &JwtAuth,
        refresh_token: &str,
        request: &Request<'_>,
    ) -> Result<TokenPair, AuthError>;
}

#[async_trait]
impl<U: Users> ErasedUsers for U {
    async fn renew(
        &self,
        auth: &JwtAuth,
        refresh_token: &str,
        request: &Request<'_>,
    ) -> Result<TokenPair, AuthError> {
        auth.refresh(refresh_token, |session: Continued<U::Id>| self.load(session, request)).await
    }
}

impl JwtAuth {
    /// Elevates the session of a refresh token after a check of credentials, as [`Users::sign_in`] returns it. The
    /// credentials of another user are rejected like wrong ones.
    pub(crate) async fn sign_in_again<C: Claims>(
        &self,
        refresh_token: &str,
        sign_in: SignIn<C>,
    ) -> Result<TokenPair, AuthError> {
        let accepted = sign_in.into_accepted().ok_or(AuthError::InvalidCredentials)?;
        let again = self.reauthenticate(refresh_token, &accepted.claims);
        again.with_options(accepted.acr, accepted.elevated_for).await
    }

    /// Checks the signature and the dates of a refresh token, without asking the store.
    pub(crate) fn check_signature_of_refresh_token(&self, token: &str) -> Result<(), AuthError> {
        match self.bridge() {
            // Only the bridge knows the tokens of the other service.
            Some(_) => Ok(()),
            None => self.engine().verify_refresh_token(token.trim_ascii()).map(drop),
        }
    }

    /// Returns the users of the app, if they are of this type.
    pub(crate) fn users_of<U: Users>(&self) -> Option<&U> {
        let users: &dyn Any = self.users()?;
        users.downcast_ref()
    }

    /// Begins a session after a check of credentials, as [`Users::sign_in`] returns it.
    ///
    /// # Errors
    ///
    /// - [`InvalidCredentials`](AuthError::InvalidCredentials), 401: the credentials were rejected.
    /// - Those of [`generate_tokens`](Self::generate_tokens).
    pub async fn sign_in<C: Claims>(
        &self,
        sign_in: SignIn<C>,
        device: Device,
    ) -> Result<TokenPair, AuthError> {
        let accepted = sign_in.into_accepted().ok_or(AuthError::InvalidCredentials)?;
        let device = match accepted.label.as_deref() {
            Some(label) => device.with_label(label),
            None => device,
        };
        let device = match accepted.ip {
            Some(ip) => device.with_ip(ip),
            None => device,
        };
        let login = self.generate_tokens(&accepted.claims).device(device).remember(accepted.remember);
        let login = login.lifetimes(accepted.lifetimes, accepted.elevated_for);
        match accepted.acr.as_deref() {
            Some(acr) => login.acr(acr).await,
            None => login.await,
        }
    }
}

//! Login: the beginning of a session.

use std::sync::Arc;

use super::{Sessions, TokenPair};
use crate::claims::{Claims, SignIn};
use crate::error::AuthError;
use crate::family::{Device, Family};
use crate::revocation::Revocation;

/// What a login can set.
#[derive(Default)]
pub(crate) struct LoginOptions {
    pub(crate) device: Device,
    pub(crate) acr: Option<Arc<str>>,
}

impl Sessions {
    /// Begins a session for a user who has just signed in.
    pub(crate) async fn login<C: Claims>(
        &self,
        claims: &C,
        options: LoginOptions,
    ) -> Result<TokenPair, AuthError> {
        let (subject, family, pair) = self.prepare_login(claims, options)?;
        self.begin(&subject, &family).await?;
        Ok(pair)
    }

    /// Creates a family and signs its first tokens. The family is not stored yet.
    pub(crate) fn prepare_login<C: Claims>(
        &self,
        claims: &C,
        options: LoginOptions,
    ) -> Result<(String, Family, TokenPair), AuthError> {
        let body = C::CODEC.write(claims)?;
        let subject = claims.subject();
        let family = self.new_family(options.device);
        let sign_in = SignIn { acr: options.acr, ..SignIn::at(family.created_at) };
        let pair = self.sign_pair(&subject, &body, &family, &sign_in)?;
        Ok((subject, family, pair))
    }

    /// Begins a session, and signs its refresh token alone.
    pub(crate) async fn create_refresh_token(&self, subject: &str) -> Result<String, AuthError> {
        let family = self.new_family(Device::default());
        let begin = family.created_at;
        let token = self.sign_refresh_token(subject, &family, begin, &SignIn::at(begin))?;
        self.begin(subject, &family).await?;
        Ok(token)
    }

    pub(crate) fn new_family(&self, device: Device) -> Family {
        Family::begin(self.now(), self.settings.refresh_ttl, self.settings.session_ttl, device)
    }

    /// Stores a family whose first tokens are signed.
    pub(crate) async fn begin(&self, subject: &str, family: &Family) -> Result<(), AuthError> {
        let (now, max_sessions) = (family.created_at, self.settings.max_sessions);
        let dropped = self.store.call(|store| store.insert(subject, family, now, max_sessions)).await?;
        for sid in dropped {
            self.revoke(Revocation::Session(sid));
        }
        Ok(())
    }
}

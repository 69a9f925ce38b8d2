//! Tokens for tests.

use rocket::futures::FutureExt;

use crate::claims::{Body, Claims, SignIn};
use crate::error::{AuthError, StoreError};
use crate::jwt_auth::JwtAuth;
use crate::refresh::{Device, TokenPair};

impl JwtAuth {
    /// A login that waits for nothing: memory answers at once.
    pub(super) fn begin_at_once<C: Claims>(&self, claims: &C) -> Result<TokenPair, AuthError> {
        let (subject, body) = (claims.subject(), Body::new(claims)?);
        let family = self.family(Device::default());
        let pair = self.sign_pair(&subject, &body, &family, &SignIn::at(family.created_at))?;
        let (now, max_sessions) = (family.created_at, self.settings().max_sessions);
        let begun = self.store().insert(&subject, &family, now, max_sessions).now_or_never();
        begun.unwrap_or(Err(StoreError::Corrupt("sessions of tests are kept in memory")))?;
        Ok(pair)
    }

    /// An access token that was good until a moment ago.
    pub(super) fn expired_access_token<C: Claims>(&self, claims: &C) -> Result<String, AuthError> {
        let lived = self.settings().access_ttl + self.settings().leeway;
        self.sign_access_token(claims, self.now().before(lived))
    }
}

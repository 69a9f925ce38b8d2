//! When and how a user signed in.

use std::sync::Arc;
use std::time::Duration;

use super::Registered;
use crate::clock::Timestamp;

/// A sign-in, as recorded in the tokens of its session (`auth_time` and `acr`, OpenID Connect Core, section 2). The
/// refresh token also contains it, so it survives every refresh without a field in the store. Tokens that were issued
/// without a sign-in contain neither claim.
#[derive(Clone, Debug, Default)]
pub(crate) struct SignInClaims {
    pub(crate) auth_time: Option<Timestamp>,
    pub(crate) acr: Option<Arc<str>>,
    /// Whether a browser remembers the session when it is closed. Only refresh tokens contain it.
    pub(crate) remember: bool,
    /// How long the session lives without a refresh, if the login has set that. Only refresh tokens contain it.
    pub(crate) idle: Option<Duration>,
}

impl SignInClaims {
    pub(crate) fn at(auth_time: Timestamp) -> Self {
        Self { auth_time: Some(auth_time), ..Self::default() }
    }

    pub(crate) fn of(registered: &Registered<'_>) -> Self {
        Self {
            auth_time: registered.auth_time.map(Timestamp::from),
            acr: registered.acr.as_deref().map(Arc::from),
            remember: false,
            idle: None,
        }
    }
}

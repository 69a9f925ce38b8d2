//! When and how a user signed in.

use std::sync::Arc;

use super::Registered;
use crate::clock::Timestamp;

/// A sign-in, as recorded in the tokens of its session (`auth_time` and `acr`, OpenID Connect Core, section 2). The
/// refresh token also contains it, so it survives every refresh without a field in the store. Tokens that were issued
/// without a sign-in contain neither claim.
#[derive(Clone, Debug, Default)]
pub(crate) struct SignIn {
    pub(crate) auth_time: Option<Timestamp>,
    pub(crate) acr: Option<Arc<str>>,
}

impl SignIn {
    pub(crate) fn at(auth_time: Timestamp) -> Self {
        Self { auth_time: Some(auth_time), acr: None }
    }

    pub(crate) fn of(registered: &Registered<'_>) -> Self {
        Self {
            auth_time: registered.auth_time.map(Timestamp::from),
            acr: registered.acr.as_deref().map(Arc::from),
        }
    }
}

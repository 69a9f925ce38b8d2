//! When and how a user signed in.

use std::sync::Arc;

use super::Registered;
use crate::clock::Timestamp;

/// A sign-in, as the tokens of its session say (`auth_time` and `acr`, OpenID Connect Core, section 2). It
/// stands in the refresh token as well, so that it stays the same however often that is exchanged, and no
/// store has to keep it. Tokens that came about without a sign-in that we saw say nothing.
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

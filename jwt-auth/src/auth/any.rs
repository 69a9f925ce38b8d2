//! An `Auth` without the type of its claims. Code that takes it is compiled once, and not for each claims type.

use std::any::Any;
use std::sync::Arc;

use uuid::Uuid;

use super::{Auth, Source, TokenInfo, Verified};
use crate::claims::Claims;

/// Why a downcast succeeds: tokens are read as the claims type that a guard names, and generated code asserts that a
/// parameter has the claims type of the policy.
const IS_OF_TYPE: &str = "the claims have the type that they were read as";

/// An [`Auth`] with claims of any type.
#[derive(Clone)]
pub(crate) struct AnyAuth {
    verified: Arc<dyn AnyVerified>,
    source: Option<Source>,
}

/// A [`Verified`] with claims of any type.
trait AnyVerified: Any + Send + Sync {
    fn token(&self) -> &TokenInfo;

    fn subject(&self) -> String;
}

impl<C: Claims> AnyVerified for Verified<C> {
    fn token(&self) -> &TokenInfo {
        &self.token
    }

    fn subject(&self) -> String {
        self.claims.subject()
    }
}

impl<C: Claims> Auth<C> {
    /// Returns the same, without the type of the claims.
    pub(crate) fn to_any(&self) -> AnyAuth {
        let verified: Arc<Verified<C>> = Arc::clone(&self.verified);
        AnyAuth { verified, source: self.source }
    }
}

impl AnyAuth {
    /// Creates the content of a token that did not come with a request.
    pub(crate) fn new<C: Claims>(claims: C, token: TokenInfo) -> Self {
        Self { verified: Arc::new(Verified { claims, token }), source: None }
    }

    /// Records where the request had the token.
    pub(crate) fn with_source(self, source: Source) -> Self {
        Self { source: Some(source), ..self }
    }

    /// Returns where the request had the token, if it came with one.
    pub(crate) fn source(&self) -> Option<Source> {
        self.source
    }

    /// Returns the registered claims of the token.
    pub(crate) fn token(&self) -> &TokenInfo {
        self.verified.token()
    }

    /// Returns the subject of the claims.
    pub(crate) fn subject(&self) -> String {
        self.verified.subject()
    }

    /// Returns the session that the token belongs to.
    pub(crate) fn session_id(&self) -> Option<Uuid> {
        self.token().session_id
    }

    /// Returns whether the claims have the type `C`.
    pub(crate) fn is<C: Claims>(&self) -> bool {
        let verified: &dyn Any = &*self.verified;
        verified.is::<Verified<C>>()
    }

    /// Returns the claims.
    ///
    /// # Panics
    ///
    /// Panics if they do not have the type `C`.
    pub(crate) fn claims<C: Claims>(&self) -> &C {
        let verified: &dyn Any = &*self.verified;
        &verified.downcast_ref::<Verified<C>>().expect(IS_OF_TYPE).claims
    }

    /// Returns the same, with the type of the claims.
    ///
    /// # Panics
    ///
    /// Panics if the claims do not have the type `C`.
    pub(crate) fn typed<C: Claims>(self) -> Auth<C> {
        let verified: Arc<dyn Any + Send + Sync> = self.verified;
        let verified = verified.downcast().expect(IS_OF_TYPE);
        Auth { verified, source: self.source }
    }
}

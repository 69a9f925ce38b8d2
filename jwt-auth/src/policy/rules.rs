//! Policies as values.

use super::{Policy, Requirement};
use crate::auth::Source;
use crate::claims::Claims;

/// The content of a policy. Code that takes this instead of the policy is compiled only once for each claims type.
///
/// The rules of a route are only this value. A type that implements `Policy` would take longer to compile.
pub struct Rules<C: 'static> {
    pub(crate) optional: bool,
    pub(crate) strict: bool,
    pub(crate) or_not_found: bool,
    pub(crate) source: Option<Source>,
    pub(crate) cross_origin: bool,
    pub(crate) requirement: Requirement<C>,
}

/// Returns the content of a policy with a requirement, and with the defaults of [`Policy`].
pub const fn rules<C: Claims>(requirement: Requirement<C>) -> Rules<C> {
    Rules {
        optional: false,
        strict: requirement.is_strict(),
        or_not_found: requirement.is_or_not_found(),
        source: None,
        cross_origin: false,
        requirement,
    }
}

impl<C> Rules<C> {
    /// Returns the content of the policy `P`.
    pub(crate) const fn of<P: Policy<Claims = C>>() -> Self {
        Self {
            optional: P::OPTIONAL,
            strict: P::STRICT,
            or_not_found: P::OR_NOT_FOUND,
            source: P::SOURCE,
            cross_origin: P::CROSS_ORIGIN,
            requirement: P::REQUIREMENT,
        }
    }

    /// Lets in callers without a token.
    pub const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// Asks the store whether the session is live.
    pub const fn strict(self) -> Self {
        Self { strict: true, ..self }
    }

    /// Responds as if the route did not exist to callers who do not meet the requirement.
    pub const fn or_not_found(self) -> Self {
        Self { or_not_found: true, ..self }
    }

    /// Accepts tokens from one source only.
    pub const fn only_from(self, source: Source) -> Self {
        Self { source: Some(source), ..self }
    }

    /// Lets requests of other sites use the browser's session cookie.
    pub const fn cross_origin(self) -> Self {
        Self { cross_origin: true, ..self }
    }
}

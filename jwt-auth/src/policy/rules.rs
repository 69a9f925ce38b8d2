//! Policies as values.

use super::{ClaimsOf, Policy, Requirement};
use crate::auth::Source;

/// The content of a policy. Code that takes this instead of the policy is compiled only once for each claims type.
pub(crate) struct Rules<C: 'static> {
    pub(crate) optional: bool,
    pub(crate) strict: bool,
    pub(crate) or_not_found: bool,
    pub(crate) source: Option<Source>,
    pub(crate) cross_origin: bool,
    pub(crate) requirement: &'static Requirement<C>,
}

impl<C: 'static> Rules<C> {
    /// Returns the content of the policy `P`.
    pub(crate) const fn of<P: Policy<Claims = C>>() -> Self {
        Self {
            optional: P::OPTIONAL,
            strict: P::STRICT,
            or_not_found: P::OR_NOT_FOUND,
            source: P::SOURCE,
            cross_origin: P::CROSS_ORIGIN,
            requirement: <C as ClaimsOf<P, C>>::REQUIREMENT_REF,
        }
    }
}

//! Named policies inside other policies.

use super::{Policy, Requirement};

/// A named policy that is required.
pub(super) struct PolicyClause<C: 'static> {
    pub(super) source: &'static str,
    pub(super) requirement: &'static Requirement<C>,
    pub(super) strict: bool,
    pub(super) or_not_found: bool,
}

/// The claims of the policy `P`, which are of type `C`.
#[diagnostic::on_unimplemented(
    message = "`{P}` is not a policy for `{C}`",
    label = "not a policy for `{C}`",
    note = "its `#[policy(…)]` has the claims type `{Self}`"
)]
pub trait ClaimsOf<P, C: 'static> {
    /// A reference to the requirement of the policy.
    const REQUIREMENT_REF: &'static Requirement<C>;
}

impl<C: 'static, P: Policy<Claims = C>> ClaimsOf<P, C> for C {
    const REQUIREMENT_REF: &'static Requirement<C> = &P::REQUIREMENT;
}

//! Named policies inside other policies.

use super::{Policy, Requirement};

/// A named policy that is required.
pub(super) struct PolicyClause<C: 'static> {
    pub(super) source: &'static str,
    pub(super) requirement: &'static Requirement<C>,
    pub(super) strict: bool,
}

/// A policy for claims of type `C`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a policy for `{C}`",
    label = "not a policy for `{C}`",
    note = "to declare a policy, put `#[policy({C}, …)]` above `struct {Self};`",
    note = "if `{Self}` is already a policy, it is declared for a claims type other than `{C}`"
)]
pub trait PolicyOver<C: 'static> {
    /// A reference to its requirement.
    const REQUIREMENT_REF: &'static Requirement<C>;

    /// Whether the policy is strict.
    const STRICT: bool;
}

#[diagnostic::do_not_recommend]
impl<C: 'static, P: Policy<Claims = C>> PolicyOver<C> for P {
    const REQUIREMENT_REF: &'static Requirement<C> = &P::REQUIREMENT;
    const STRICT: bool = P::STRICT;
}

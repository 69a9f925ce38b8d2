//! A named policy within another.

use super::{Policy, Requirement};

/// A named policy that is required.
pub(super) struct PolicyClause<C: 'static> {
    pub(super) source: &'static str,
    pub(super) requirement: &'static Requirement<C>,
    pub(super) strict: bool,
}

/// A policy over claims of type `C`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a policy over `{C}`",
    label = "not a policy over `{C}`",
    note = "a named policy is declared with `#[policy({C}, …)]` above `struct {Self};`",
    note = "a declared policy is over the claims that its declaration names, which may not be `{C}`"
)]
pub trait PolicyOver<C: 'static> {
    /// A reference to its requirement.
    const REQUIREMENT_REF: &'static Requirement<C>;

    /// Whether it asks the store.
    const STRICT: bool;
}

#[diagnostic::do_not_recommend]
impl<C: 'static, P: Policy<Claims = C>> PolicyOver<C> for P {
    const REQUIREMENT_REF: &'static Requirement<C> = &P::REQUIREMENT;
    const STRICT: bool = P::STRICT;
}

//! A policy within another.

use super::{Policy, Requirement};

/// The policy that [`Requirement::Policy`] asks for.
pub struct PolicyClause<C: 'static> {
    pub(super) source: &'static str,
    pub(super) requirement: &'static Requirement<C>,
    pub(super) strict: bool,
}

/// A policy over claims of type `C`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a policy over `{C}`",
    label = "not a policy over `{C}`",
    note = "a named policy is declared with `#[policy({C}, …)]` above `struct {Self};`",
    note = "one that is declared is over the claims named there, which may be others than `{C}`"
)]
pub trait PolicyOver<C: 'static> {
    /// Its requirement, where it can be referred to.
    const KEPT: &'static Requirement<C>;

    /// Whether it asks the store.
    const STRICT: bool;
}

#[diagnostic::do_not_recommend]
impl<C: 'static, P: Policy<Claims = C>> PolicyOver<C> for P {
    const KEPT: &'static Requirement<C> = &P::REQUIREMENT;
    const STRICT: bool = P::STRICT;
}

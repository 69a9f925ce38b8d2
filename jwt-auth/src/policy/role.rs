//! Checks whether claims contain a role.

use super::hierarchy::{Ranks, Walk};
use crate::claims::HasRoles;

/// A value that can be compared with the roles of claims.
#[diagnostic::on_unimplemented(
    message = "roles of type `{Role}` cannot be compared with `{Self}`",
    label = "`{Role}` must implement `PartialEq<{Self}>`",
    note = "the claims have roles of type `{Role}`; if `{Self}` is that type, put `#[derive(PartialEq)]` on it",
    note = "to accept any of several roles, write `any(role = Role::Admin, role = Role::Editor)`",
    note = "if `{Role}` is a list behind a type alias, write the list itself on the field with `#[claims(roles)]`, such as `Vec<Role>`"
)]
pub trait ComparesWith<Role> {
    /// Returns whether this is the role.
    fn is(&self, role: &Role) -> bool;
}

#[diagnostic::do_not_recommend]
impl<Role: PartialEq<Required>, Required> ComparesWith<Role> for Required {
    fn is(&self, role: &Role) -> bool {
        role == self
    }
}

/// Returns whether the claims contain a role, or one that implies it according to `walk`. Returns `None` if `walk` gave
/// up. The role has its own type parameter, so that the compiler underlines it if its type is wrong.
pub fn has_role<Required, C: HasRoles>(
    required: Required,
    claims: &C,
    walk: fn(Ranks<C::Role>) -> Walk<C::Role>,
) -> Option<bool>
where
    Required: ComparesWith<C::Role>,
{
    let walk = walk(Ranks::of(claims));
    let mut held = Some(false);
    for role in claims.roles() {
        match walk(role, &mut |role| required.is(role)) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => held = None,
        }
    }
    held
}

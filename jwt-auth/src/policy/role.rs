//! Checks whether claims contain a role.

use super::hierarchy::Search;
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

/// Returns whether the claims contain a role, or one that implies it. Returns `None` if the search gave up. The role has
/// its own type parameter, so that the compiler underlines it if its type is wrong.
pub fn has_role<Required, C: HasRoles, S>(required: Required, claims: &C, search: S) -> Option<bool>
where
    Required: ComparesWith<C::Role>,
    S: Search<C::Role>,
{
    is_held(&required, claims, &search)
}

/// A role that is a constant.
pub struct KnownRole<Required, C, S> {
    required: Required,
    search: S,
    /// A pointer, so that the bounds are only on [`known_role`]: the compiler reports those of a trait's impl a second time.
    is_held: fn(&Required, &C, &S) -> Option<bool>,
}

/// A role of any type that claims of type `C` may contain.
pub(super) trait HeldRole<C>: Sync {
    /// Returns whether the claims contain the role, or `None` if that cannot be determined.
    fn is_held(&self, claims: &C) -> Option<bool>;
}

impl<Required: Sync, C, S: Sync> HeldRole<C> for KnownRole<Required, C, S> {
    fn is_held(&self, claims: &C) -> Option<bool> {
        (self.is_held)(&self.required, claims, &self.search)
    }
}

/// Returns a role that is a constant. All routes with the same types share the code that decides whether it is held.
pub const fn known_role<Required, C: HasRoles, S>(required: Required, search: S) -> KnownRole<Required, C, S>
where
    Required: ComparesWith<C::Role>,
    S: Search<C::Role>,
{
    KnownRole { required, search, is_held }
}

fn is_held<Required, C: HasRoles, S>(required: &Required, claims: &C, search: &S) -> Option<bool>
where
    Required: ComparesWith<C::Role>,
    S: Search<C::Role>,
{
    let mut held = Some(false);
    for role in claims.roles() {
        match search.search(role, &mut |role| required.is(role)) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => held = None,
        }
    }
    held
}

//! Role hierarchies: roles that imply others.

use std::any::type_name;
use std::marker::PhantomData;
use std::sync::Once;

use crate::claims::HasRoles;

/// Roles that imply others. If `Admin` implies `Editor`, a policy that requires the role `Editor` also lets admins in.
///
/// Implement it for the type of the roles:
///
/// ```
/// use jwt_auth::RoleHierarchy;
///
/// #[derive(PartialEq)]
/// enum Role { Admin, Editor, Reader }
///
/// impl RoleHierarchy for Role {
///     fn implies(&self) -> Vec<Role> {
///         match self {
///             Role::Admin => vec![Role::Editor],
///             Role::Editor => vec![Role::Reader],
///             Role::Reader => vec![],
///         }
///     }
/// }
/// ```
///
/// Implied roles imply others in turn: an `Admin` has all three roles. Roles that imply each other are equivalent. A
/// role may contain data, and may imply roles that are built from this data.
///
/// A role may imply up to 256 others, directly or indirectly. A larger hierarchy is assumed to be infinite, and an
/// error is logged. It is then unknown whether a caller has one of the remaining roles: a policy that depends on that,
/// even inside `not`, lets no caller in, and the response is 500.
pub trait RoleHierarchy: PartialEq + Sized {
    /// Returns the roles that this one implies directly.
    fn implies(&self) -> Vec<Self>;
}

/// The maximum number of implied roles that are searched. A role that implies more must be a mistake, and every request
/// must end.
const MOST: usize = 256;

/// A search for a role among a role that is held and the roles that it implies.
pub trait Search<R> {
    /// Returns whether one of the roles is the right one. Returns `None` if there are too many and it is not among the first
    /// ones.
    fn search(&self, held: &R, is: &mut dyn FnMut(&R) -> bool) -> Option<bool>;
}

/// A search that includes the implied roles.
pub struct Ranked;

impl<R: RoleHierarchy> Search<R> for Ranked {
    fn search(&self, held: &R, is: &mut dyn FnMut(&R) -> bool) -> Option<bool> {
        walk(held, is)
    }
}

/// A search of only the role that is held.
pub struct Unranked;

impl<R> Search<R> for Unranked {
    fn search(&self, held: &R, is: &mut dyn FnMut(&R) -> bool) -> Option<bool> {
        Some(is(held))
    }
}

/// Looks up the search for the roles of the claims `C`.
pub struct Ranks<C>(PhantomData<C>);

impl<C: HasRoles<Role: RoleHierarchy>> Ranks<C> {
    /// The roles have a hierarchy.
    pub const SEARCH: Ranked = Ranked;
}

/// The fallback for roles without a hierarchy.
pub trait NoHierarchy {
    /// The roles have no hierarchy.
    const SEARCH: Unranked = Unranked;
}

impl<C> NoHierarchy for Ranks<C> {}

fn walk<R: RoleHierarchy>(held: &R, is: &mut dyn FnMut(&R) -> bool) -> Option<bool> {
    if is(held) {
        return Some(true);
    }
    let mut implied = held.implies();
    let mut at = 0;
    while let Some(role) = implied.get(at) {
        if at == MOST {
            too_many::<R>();
            return None;
        }
        if is(role) {
            return Some(true);
        }
        for next in role.implies() {
            if implied.len() <= MOST && next != *held && !implied.contains(&next) {
                implied.push(next);
            }
        }
        at += 1;
    }
    Some(false)
}

fn too_many<R>() {
    static ONCE: Once = Once::new();

    ONCE.call_once(|| {
        log::error!(
            "jwt-auth: a role of type `{}` implies more than {MOST} others, so policies that depend on the rest let no \
             caller in: `RoleHierarchy::implies` must not be infinite",
            type_name::<R>()
        );
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A role of a tenant, a role in a cycle, or a number that implies the next one.
    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Role {
        Owner(u32),
        Member(u32),
        A,
        B,
        C,
        Endless(u64),
        Numbered(u64),
    }

    impl RoleHierarchy for Role {
        fn implies(&self) -> Vec<Self> {
            match *self {
                Role::Owner(tenant) => vec![Role::Member(tenant)],
                Role::A => vec![Role::B],
                Role::B => vec![Role::C, Role::B],
                Role::C => vec![Role::A],
                Role::Endless(n) => vec![Role::Endless(n + 1)],
                Role::Numbered(n) => n.checked_sub(1).map(Role::Numbered).into_iter().collect(),
                Role::Member(_) => vec![],
            }
        }
    }

    #[test]
    fn implied_roles_are_held() {
        use Role::*;
        for (held, asked, expected) in [
            (Owner(1), Owner(1), Some(true)),
            (Owner(1), Member(1), Some(true)),
            (Owner(1), Member(2), Some(false)),
            (Member(1), Owner(1), Some(false)),
            // The search of a cycle ends, and all of its roles are held.
            (A, C, Some(true)),
            (C, B, Some(true)),
            (B, B, Some(true)),
            (A, Member(1), Some(false)),
            (Endless(0), Endless(256), Some(true)),
            (Endless(0), Endless(257), None),
            (Endless(0), A, None),
            (Numbered(256), Numbered(0), Some(true)),
            (Numbered(256), A, Some(false)),
            (Numbered(257), A, None),
        ] {
            assert_eq!(walk(&held, &mut |role| *role == asked), expected, "{held:?} as {asked:?}");
        }
    }

    /// A hierarchy whose roles are never equal.
    #[derive(Clone)]
    struct Strange(f64);

    impl PartialEq for Strange {
        fn eq(&self, _: &Self) -> bool {
            false
        }
    }

    impl RoleHierarchy for Strange {
        fn implies(&self) -> Vec<Self> {
            vec![self.clone(), Strange(self.0 + 1.0)]
        }
    }

    #[test]
    fn an_infinite_hierarchy_is_not_followed_forever() {
        let mut seen = 0;
        let held = walk(&Strange(0.0), &mut |_| {
            seen += 1;
            false
        });
        assert_eq!(held, None);
        assert!(seen <= MOST + 1, "{seen} were visited");
    }
}

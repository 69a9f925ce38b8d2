//! Role hierarchies: roles that imply others.

use std::any::type_name;
use std::marker::PhantomData;
use std::sync::Once;

use crate::claims::HasRoles;

/// Roles that imply others: a caller with the role `Admin` may then also have the role `Editor`, wherever a policy requires
/// it.
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
/// Implied roles imply others in turn: an `Admin` has all three. Roles that imply each other are equivalent. A role may
/// contain data, and imply a role that is built from it.
///
/// A role may imply up to 256 others, directly and indirectly. A hierarchy with more is assumed to be infinite, which is
/// logged. Whether a caller has one of the further roles is then unknown: a policy that depends on it lets no caller in,
/// also inside a `not`, and the response is 500.
pub trait RoleHierarchy: PartialEq + Sized {
    /// Returns the roles that this one implies directly.
    fn implies(&self) -> Vec<Self>;
}

/// How many roles are followed from one: more must be a mistake, and requests must end.
const MOST: usize = 256;

/// Searches for a role among one that is held and those that it implies. Returns `None` if there are too many and it is not
/// among the first.
pub type Walk<R> = fn(&R, &mut dyn FnMut(&R) -> bool) -> Option<bool>;

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
             caller in: `implies` must come to an end",
            type_name::<R>()
        );
    });
}

/// The hierarchy of the roles of claims, if they have one.
pub struct Ranks<R>(PhantomData<R>);

impl<R> Ranks<R> {
    /// Returns the hierarchy of these claims.
    pub(crate) fn of<C: HasRoles<Role = R>>(_: &C) -> Self {
        Self(PhantomData)
    }
}

impl<R: RoleHierarchy> Ranks<R> {
    /// Searches the implied roles as well.
    pub fn walk(&self) -> Walk<R> {
        walk
    }
}

/// The fallback for roles without a hierarchy.
pub trait NoHierarchy<R> {
    /// Searches only the role itself.
    fn walk(&self) -> Walk<R> {
        |held, is| Some(is(held))
    }
}

impl<R> NoHierarchy<R> for Ranks<R> {}

#[cfg(test)]
mod tests {
    use super::*;

    /// A role of a tenant, or a number that implies the next one.
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
            // A cycle ends, and its roles are the same.
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

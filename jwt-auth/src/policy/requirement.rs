//! Requirements of policies.

use std::fmt;
use std::time::Duration;

use rocket::{Ignite, Rocket};

use super::Policy;
use super::check::{Abort, Ask, CheckClause};
use super::nested::{ClaimsOf, PolicyClause};
use super::role::{HeldRole, KnownRole};
use super::step_up::{AcrClause, FreshClause};
use crate::claims::{Claims, HasScope};

/// The requirement of a policy for claims of type `C`.
///
/// [`Display`](fmt::Display) shows it as it is written in the source: `any(role = Role::Admin, scope = "posts:write")`.
pub struct Requirement<C: 'static>(pub(super) Clause<C>);

/// One clause of a policy.
pub(super) enum Clause<C: 'static> {
    /// A valid access token, and nothing else.
    Authenticated,
    Role(RoleClause<C>),
    /// All of these scopes.
    Scope(ScopeClause<C>),
    /// A recent sign-in.
    Fresh(FreshClause),
    /// An authentication context.
    Acr(AcrClause),
    /// A condition of the app.
    Check(CheckClause<C>),
    Policy(PolicyClause<C>),
    Any(&'static [Requirement<C>]),
    All(&'static [Requirement<C>]),
    Not(&'static Requirement<C>),
}

pub(super) struct RoleClause<C: 'static> {
    source: &'static str,
    held: Held<C>,
}

/// A property of a named policy that applies to every policy that contains it.
#[derive(Clone, Copy)]
enum Property {
    Strict,
    OrNotFound,
}

enum Held<C: 'static> {
    Decided(fn(&C) -> bool),
    /// According to a hierarchy, which may be too large to decide.
    Ranked(fn(&C) -> Option<bool>),
    /// A role that is known at compile time. Its type and the claims determine the code, which all routes share.
    Constant(&'static dyn HeldRole<C>),
}

pub(super) struct ScopeClause<C> {
    scope: &'static str,
    held: fn(&C, &str) -> bool,
}

impl<C> Requirement<C> {
    /// Requires a valid access token, and nothing else.
    pub const fn authenticated() -> Self {
        Self(Clause::Authenticated)
    }

    /// Requires that at least one of these is met.
    pub const fn any(of: &'static [Self]) -> Self {
        Self(Clause::Any(of))
    }

    /// Requires that all of these are met.
    pub const fn all(of: &'static [Self]) -> Self {
        Self(Clause::All(of))
    }

    /// Requires that this is not met.
    pub const fn not(requirement: &'static Self) -> Self {
        Self(Clause::Not(requirement))
    }
}

impl<C: Claims> Requirement<C> {
    /// Requires a role. `source` is the role as written in the app's source, for logs. `held` returns whether the
    /// claims contain the role.
    pub const fn role(source: &'static str, held: fn(&C) -> bool) -> Self {
        Self(Clause::Role(RoleClause { source, held: Held::Decided(held) }))
    }

    /// Requires a role, or one that implies it. The macros call this.
    #[doc(hidden)]
    pub const fn ranked_role(source: &'static str, held: fn(&C) -> Option<bool>) -> Self {
        Self(Clause::Role(RoleClause { source, held: Held::Ranked(held) }))
    }

    /// Requires a role that is known at compile time, or one that implies it. The macros call this.
    #[doc(hidden)]
    pub const fn known_role<R: Sync, S: Sync>(
        source: &'static str,
        role: &'static KnownRole<R, C, S>,
    ) -> Self {
        Self(Clause::Role(RoleClause { source, held: Held::Constant(role) }))
    }

    /// Requires every scope in a list, separated by spaces.
    ///
    /// # Panics
    ///
    /// Panics if the text is not a list of scopes (RFC 6749, section 3.3), because then nothing would be required, or
    /// the challenge could not be written. In a constant, this is a compiler error.
    pub const fn scope(scope: &'static str) -> Self
    where
        C: HasScope,
    {
        assert!(
            is_scope(scope.as_bytes()),
            "not a list of scopes: printable ASCII without \" and \\, separated by single spaces"
        );
        let held = |claims: &C, scope: &str| claims.scopes().any(|held| held == scope);
        Self(Clause::Scope(ScopeClause { scope, held }))
    }

    /// Requires that the user signed in at most this long ago, in whole seconds (the claim `auth_time`; RFC 9470).
    /// `source` is the duration as written in the app's source.
    ///
    /// # Panics
    ///
    /// Panics if the duration is less than a second, because no caller could ever meet the requirement. In a constant,
    /// this is a compiler error.
    pub const fn fresh(source: &'static str, max_age: Duration) -> Self {
        assert!(max_age.as_secs() > 0, "no sign-in is less than a second old");
        Self(Clause::Fresh(FreshClause { source, max_age: Duration::from_secs(max_age.as_secs()) }))
    }

    /// Requires one of these authentication contexts (the claim `acr`; `acr_values` in RFC 9470). `values` separates
    /// them by spaces and begins with the preferred one.
    ///
    /// # Panics
    ///
    /// Panics if the text is not a list of values of printable ASCII without `"` and `\`, separated by single spaces.
    /// In a constant, this is a compiler error.
    pub const fn acr(values: &'static str) -> Self {
        assert!(
            is_scope(values.as_bytes()),
            "not a list of values: printable ASCII without \" and \\, separated by single spaces"
        );
        Self(Clause::Acr(AcrClause { values }))
    }

    /// Requires that a named policy is met. `source` is its name.
    pub const fn policy<P: Policy>(source: &'static str) -> Self
    where
        P::Claims: ClaimsOf<P, C>,
    {
        Self(Clause::Policy(PolicyClause {
            source,
            requirement: P::Claims::REQUIREMENT_REF,
            strict: P::STRICT,
            or_not_found: P::OR_NOT_FOUND,
        }))
    }

    /// Requires a condition. The macros call this.
    #[doc(hidden)]
    pub const fn check(source: &'static str, ask: Ask<C>, abort: Abort) -> Self {
        Self(Clause::Check(CheckClause { source, ask, abort }))
    }
}

impl<C> Requirement<C> {
    /// Returns whether the requirement contains a named policy that is strict.
    pub(super) const fn is_strict(&self) -> bool {
        self.has_policy(Property::Strict)
    }

    /// Returns whether the requirement contains a named policy that hides the route.
    pub(super) const fn is_or_not_found(&self) -> bool {
        self.has_policy(Property::OrNotFound)
    }

    /// Returns whether the requirement contains a named policy with this property.
    const fn has_policy(&self, property: Property) -> bool {
        let of: &[Self] = match &self.0 {
            Clause::Policy(policy) => {
                return match property {
                    Property::Strict => policy.strict,
                    Property::OrNotFound => policy.or_not_found,
                };
            }
            Clause::Not(not) => return not.has_policy(property),
            Clause::Any(of) | Clause::All(of) => of,
            Clause::Authenticated
            | Clause::Role(_)
            | Clause::Scope(_)
            | Clause::Fresh(_)
            | Clause::Acr(_)
            | Clause::Check(_) => return false,
        };
        let mut at = 0;
        while at < of.len() {
            if of[at].has_policy(property) {
                return true;
            }
            at += 1;
        }
        false
    }

    /// Returns whether any valid token meets the requirement.
    #[cfg(feature = "testing")]
    pub(super) const fn is_authentication_only(&self) -> bool {
        matches!(self.0, Clause::Authenticated)
    }

    /// Returns whether the launch must stop because a guard of a condition cannot work.
    pub(crate) fn abort(&self, rocket: &Rocket<Ignite>) -> bool {
        match &self.0 {
            Clause::Check(check) => (check.abort)(rocket),
            Clause::Any(of) | Clause::All(of) => of.iter().any(|one| one.abort(rocket)),
            Clause::Not(not) => not.abort(rocket),
            Clause::Policy(policy) => policy.requirement.abort(rocket),
            Clause::Authenticated
            | Clause::Role(_)
            | Clause::Scope(_)
            | Clause::Fresh(_)
            | Clause::Acr(_) => false,
        }
    }
}

impl<C> RoleClause<C> {
    /// Returns whether the claims contain the role, or `None` if that cannot be determined.
    pub(super) fn is_held(&self, claims: &C) -> Option<bool> {
        match self.held {
            Held::Decided(held) => Some(held(claims)),
            Held::Ranked(held) => held(claims),
            Held::Constant(role) => role.is_held(claims),
        }
    }
}

impl<C> ScopeClause<C> {
    pub(super) fn scopes(&self) -> impl Iterator<Item = &'static str> {
        self.scope.split_ascii_whitespace()
    }

    pub(super) fn is_held(&self, claims: &C) -> bool {
        self.scopes().all(|scope| (self.held)(claims, scope))
    }
}

const fn is_scope(scope: &[u8]) -> bool {
    let mut at = 0;
    let mut after_space = true;
    while at < scope.len() {
        let allowed = matches!(scope[at], 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        if !allowed && (scope[at] != b' ' || after_space) {
            return false;
        }
        after_space = !allowed;
        at += 1;
    }
    !after_space
}

impl<C> fmt::Display for Requirement<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, name: &str, of: &[Self]| {
            write!(f, "{name}(")?;
            for (i, one) in of.iter().enumerate() {
                write!(f, "{}{one}", if i == 0 { "" } else { ", " })?;
            }
            write!(f, ")")
        };
        match &self.0 {
            Clause::Authenticated => write!(f, "any valid token"),
            Clause::Role(role) => write!(f, "role = {}", role.source),
            Clause::Scope(clause) => write!(f, "scope = {:?}", clause.scope),
            Clause::Fresh(fresh) => write!(f, "fresh = {:?}", fresh.source),
            Clause::Acr(acr) => write!(f, "acr = {:?}", acr.values),
            Clause::Check(check) => write!(f, "check = {}", check.source),
            Clause::Any(any) => list(f, "any", any),
            Clause::All(all) => list(f, "all", all),
            Clause::Not(not) => write!(f, "not({not})"),
            Clause::Policy(policy) => write!(f, "policy = {} {{ {} }}", policy.source, policy.requirement),
        }
    }
}

impl<C> fmt::Debug for Requirement<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

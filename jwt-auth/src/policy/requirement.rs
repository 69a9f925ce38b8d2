//! What a policy asks for.

use std::fmt;
use std::time::Duration;

use rocket::{Ignite, Rocket};

use super::check::{Abort, Ask, CheckClause};
use super::named::{PolicyClause, PolicyOver};
use super::step_up::{AcrClause, FreshClause};
use crate::claims::{Claims, HasScope};

/// What a policy asks of claims of type `C`.
///
/// [`Display`](fmt::Display) shows it in the words of the source: `any(role = Role::Admin, scope =
/// "posts:write")`.
#[non_exhaustive]
pub enum Requirement<C: 'static> {
    /// A valid access token, and no more.
    Authenticated,
    /// A role. Made by [`Requirement::role`].
    Role(RoleClause<C>),
    /// Scopes, all of them. Made by [`Requirement::scope`].
    Scope(ScopeClause<C>),
    /// A sign-in that is not long ago. Made by [`Requirement::fresh`].
    Fresh(FreshClause),
    /// A way of signing in. Made by [`Requirement::acr`].
    Acr(AcrClause),
    /// A condition of the app's. Made by the macros.
    Check(CheckClause<C>),
    /// A named policy. Made by [`Requirement::policy`].
    Policy(PolicyClause<C>),
    /// One of these is enough.
    Any(&'static [Requirement<C>]),
    /// All of these are needed.
    All(&'static [Requirement<C>]),
    /// This must not be met.
    Not(&'static Requirement<C>),
}

/// The role that [`Requirement::Role`] asks for.
pub struct RoleClause<C> {
    source: &'static str,
    held: Held<C>,
}

enum Held<C> {
    Known(fn(&C) -> bool),
    /// By a hierarchy, which may be too large to tell.
    Ranked(fn(&C) -> Option<bool>),
}

/// The scopes that [`Requirement::Scope`] asks for.
pub struct ScopeClause<C> {
    scope: &'static str,
    held: fn(&C, &str) -> bool,
}

impl<C: Claims> Requirement<C> {
    /// Asks for a role. `source` is the role as the app's source names it, for logs; `held` says
    /// whether the claims hold it.
    pub const fn role(source: &'static str, held: fn(&C) -> bool) -> Self {
        Self::Role(RoleClause { source, held: Held::Known(held) })
    }

    /// Asks for a role or one that implies it, as the macros write it.
    #[doc(hidden)]
    pub const fn ranked_role(source: &'static str, held: fn(&C) -> Option<bool>) -> Self {
        Self::Role(RoleClause { source, held: Held::Ranked(held) })
    }

    /// Asks for every scope of a space-separated list.
    ///
    /// # Panics
    ///
    /// It is not a list of scopes (RFC 6749, section 3.3): nothing would be asked for, or the challenge
    /// could not be written. In a constant, this is an error of the compiler.
    pub const fn scope(scope: &'static str) -> Self
    where
        C: HasScope,
    {
        assert!(
            is_scope(scope.as_bytes()),
            "not a list of scopes: printable ASCII without \" and \\, one space between"
        );
        Self::Scope(ScopeClause { scope, held: |claims, scope| claims.scopes().any(|held| held == scope) })
    }

    /// Asks for a sign-in within this time, in whole seconds (the claim `auth_time`; RFC 9470). `source` is
    /// the time as the app's source says it.
    ///
    /// # Panics
    ///
    /// It is less than a second: nobody would ever meet it. In a constant, this is an error of the compiler.
    pub const fn fresh(source: &'static str, max_age: Duration) -> Self {
        assert!(max_age.as_secs() > 0, "nobody can sign in within less than a second");
        Self::Fresh(FreshClause { source, max_age: Duration::from_secs(max_age.as_secs()) })
    }

    /// Asks for a sign-in by one of these ways, with spaces between, the one that is liked best first (the
    /// claim `acr`; `acr_values` of RFC 9470).
    ///
    /// # Panics
    ///
    /// It is not such a list, of printable ASCII without `"` and `\`. In a constant, this is an error of the
    /// compiler.
    pub const fn acr(values: &'static str) -> Self {
        assert!(
            is_scope(values.as_bytes()),
            "not a list of values: printable ASCII without \" and \\, one space between"
        );
        Self::Acr(AcrClause { values })
    }

    /// Asks for what a named policy asks for. `source` is its name.
    pub const fn policy<P: PolicyOver<C>>(source: &'static str) -> Self {
        Self::Policy(PolicyClause { source, requirement: P::KEPT, strict: P::STRICT })
    }

    /// Asks a condition, which the macros write.
    #[doc(hidden)]
    pub const fn check(source: &'static str, ask: Ask<C>, abort: Abort) -> Self {
        Self::Check(CheckClause { source, ask, abort })
    }
}

impl<C> Requirement<C> {
    /// Whether a named policy in this is strict.
    pub(super) const fn is_strict(&self) -> bool {
        let of: &[Self] = match self {
            Self::Policy(policy) => return policy.strict,
            Self::Not(not) => return not.is_strict(),
            Self::Any(of) | Self::All(of) => of,
            Self::Authenticated
            | Self::Role(_)
            | Self::Scope(_)
            | Self::Fresh(_)
            | Self::Acr(_)
            | Self::Check(_) => return false,
        };
        let mut at = 0;
        while at < of.len() {
            if of[at].is_strict() {
                return true;
            }
            at += 1;
        }
        false
    }

    /// Whether the launch must stop because a guard that a condition takes cannot work.
    pub(crate) fn abort(&self, rocket: &Rocket<Ignite>) -> bool {
        match self {
            Self::Check(check) => (check.abort)(rocket),
            Self::Any(of) | Self::All(of) => of.iter().any(|one| one.abort(rocket)),
            Self::Not(not) => not.abort(rocket),
            Self::Policy(policy) => policy.requirement.abort(rocket),
            Self::Authenticated | Self::Role(_) | Self::Scope(_) | Self::Fresh(_) | Self::Acr(_) => false,
        }
    }
}

impl<C> RoleClause<C> {
    /// Nothing, if that cannot be told.
    pub(super) fn is_held(&self, claims: &C) -> Option<bool> {
        match self.held {
            Held::Known(held) => Some(held(claims)),
            Held::Ranked(held) => held(claims),
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
        match self {
            Self::Authenticated => write!(f, "any valid token"),
            Self::Role(role) => write!(f, "role = {}", role.source),
            Self::Scope(clause) => write!(f, "scope = {:?}", clause.scope),
            Self::Fresh(fresh) => write!(f, "fresh = {:?}", fresh.source),
            Self::Acr(acr) => write!(f, "acr = {:?}", acr.values),
            Self::Check(check) => write!(f, "check = {}", check.source),
            Self::Any(any) => list(f, "any", any),
            Self::All(all) => list(f, "all", all),
            Self::Not(not) => write!(f, "not({not})"),
            Self::Policy(policy) => write!(f, "policy = {} {{ {} }}", policy.source, policy.requirement),
        }
    }
}

impl<C> fmt::Debug for Requirement<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

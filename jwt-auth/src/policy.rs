//! Who may call a route: one constant expression per route, read by the check, the challenge and
//! the listing at launch.

use std::fmt;

use crate::claims::{Claims, HasScope};

/// A decision over a caller's claims, as `#[require_auth(…)]` generates it.
pub trait Policy: Send + Sync + 'static {
    /// The claims that the decision reads.
    type Claims: Claims;

    /// Whether the store is asked, too, whether the session lives.
    const STRICT: bool = false;

    /// What is asked of them.
    const REQUIREMENT: Requirement<Self::Claims>;
}

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
    /// One of these is enough.
    Any(&'static [Requirement<C>]),
    /// All of these are needed.
    All(&'static [Requirement<C>]),
}

/// The role that [`Requirement::Role`] asks for.
pub struct RoleClause<C> {
    source: &'static str,
    held: fn(&C) -> bool,
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
        Self::Role(RoleClause { source, held })
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

    /// Decides.
    ///
    /// # Errors
    ///
    /// Names the first clause that failed; of an `any`, the whole.
    pub fn check(&self, claims: &C) -> Result<(), Denied> {
        let met = match self {
            Self::Authenticated => true,
            Self::Role(role) => (role.held)(claims),
            Self::Scope(clause) => {
                clause.scope.split_ascii_whitespace().all(|scope| (clause.held)(claims, scope))
            }
            Self::Any(any) => any.iter().any(|one| one.check(claims).is_ok()),
            Self::All(all) => return all.iter().try_for_each(|one| one.check(claims)),
        };
        if met { Ok(()) } else { Err(Denied { clause: self.to_string(), scope: self.scopes() }) }
    }

    /// The scopes that would satisfy this, for the `scope` of a challenge (RFC 6750, section 3).
    fn scopes(&self) -> Option<&'static str> {
        match self {
            Self::Scope(clause) => Some(clause.scope),
            Self::Any(of) | Self::All(of) => of.iter().find_map(Self::scopes),
            Self::Authenticated | Self::Role(_) => None,
        }
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
            Self::Any(any) => list(f, "any", any),
            Self::All(all) => list(f, "all", all),
        }
    }
}

impl<C> fmt::Debug for Requirement<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A policy was not met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    clause: String,
    scope: Option<&'static str>,
}

impl Denied {
    /// A denial that a handler decides by itself, with what was not met in the app's own words.
    pub fn new(clause: impl Into<String>) -> Self {
        Self { clause: clause.into(), scope: None }
    }

    /// The clause that failed, in the words of the source. For logs, not for clients.
    pub fn clause(&self) -> &str {
        &self.clause
    }

    /// The scopes that would have been enough.
    pub fn scope(&self) -> Option<&'static str> {
        self.scope
    }
}

/// A route about which a decision was made: one that carries `#[require_auth]` or `#[public]`.
#[diagnostic::on_unimplemented(
    message = "nobody decided who may call the route `{Self}`",
    label = "this route has neither `#[require_auth]` nor `#[public]`",
    note = "put `#[require_auth]` above its route attribute to ask for a valid access token, or `#[public]` to let everyone in"
)]
pub trait RoutePolicy {
    /// Who may call the route.
    fn access() -> Access;
}

/// Who may call a route.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// Everyone.
    Public,
    /// Bearers of an access token that meets this requirement.
    Required(String),
}

impl Access {
    /// The access that the policy `P` gives.
    pub fn required<P: Policy>() -> Self {
        let strict = if P::STRICT { ", strict" } else { "" };
        Self::Required(format!("{}{strict}", P::REQUIREMENT))
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => write!(f, "public"),
            Self::Required(requirement) => write!(f, "{requirement}"),
        }
    }
}

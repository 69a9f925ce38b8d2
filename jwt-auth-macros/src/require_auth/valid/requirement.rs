//! The requirement of a policy: its clauses, with the parameters of all conditions resolved.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::{Expr, ExprPath, Ident, LitStr, Pat};

use super::resolver::Resolver;
use crate::diag::Diag;
use crate::pretty::text;
use crate::require_auth::check::{Check, Closure, Parameter};
use crate::require_auth::clause::{Clause, ClauseKind};
use crate::require_auth::named::NamedPolicy;
use crate::require_auth::route::Argument;

/// The counterpart of the runtime type of this name.
pub(crate) enum Requirement<'a> {
    Authenticated,
    Role {
        key: &'a Ident,
        role: &'a Expr,
    },
    Scope {
        key: &'a Ident,
        scope: &'a LitStr,
    },
    Fresh {
        max_age: &'a LitStr,
        seconds: u64,
    },
    Acr(&'a LitStr),
    Policy(PolicyUse<'a>),
    /// A condition, and its source text.
    Check(Condition<'a>, String),
    Any(Vec<Self>),
    All(Vec<Self>),
    Not(Box<Self>),
}

/// A named policy, and the argument for each of its parameters, with its name.
pub(crate) struct PolicyUse<'a> {
    pub(crate) policy: &'a NamedPolicy,
    pub(crate) arguments: Option<Vec<(String, Argument<'a>)>>,
}

pub(crate) enum Condition<'a> {
    Function(&'a ExprPath),
    /// A closure, and the argument for each of its parameters.
    Closure(&'a Closure, Vec<(&'a Parameter, Argument<'a>)>),
}

impl<'a> Requirement<'a> {
    /// Returns whether this requires a role.
    pub(crate) fn has_role(&self) -> bool {
        match self {
            Self::Role { .. } => true,
            Self::Any(inner) | Self::All(inner) => inner.iter().any(Self::has_role),
            Self::Not(inner) => inner.has_role(),
            _ => false,
        }
    }

    /// The arguments of its conditions and of its named policies.
    pub(crate) fn arguments(&self) -> Vec<&Argument<'a>> {
        match self {
            Self::Check(Condition::Closure(_, arguments), _) => {
                arguments.iter().map(|(_, argument)| argument).collect()
            }
            Self::Policy(used) => used.arguments.iter().flatten().map(|(_, argument)| argument).collect(),
            Self::Any(inner) | Self::All(inner) => inner.iter().flat_map(Self::arguments).collect(),
            Self::Not(inner) => inner.arguments(),
            _ => Vec::new(),
        }
    }

    /// The types of the request guards that its conditions take.
    pub(crate) fn guards(&self) -> impl Iterator<Item = &TokenStream> {
        self.arguments().into_iter().filter_map(|argument| match argument {
            Argument::Guard(ty) => Some(ty),
            Argument::Uri(..) | Argument::Own(..) => None,
        })
    }

    /// The named policies that it contains.
    pub(crate) fn policies(&self) -> Vec<&PolicyUse<'a>> {
        match self {
            Self::Policy(used) => vec![used],
            Self::Any(inner) | Self::All(inner) => inner.iter().flat_map(Self::policies).collect(),
            Self::Not(inner) => inner.policies(),
            _ => Vec::new(),
        }
    }
}

/// The requirement that all clauses hold.
pub(super) fn all<'a>(clauses: &'a [Clause], resolver: &Resolver<'a>, diag: &mut Diag) -> Requirement<'a> {
    match clauses {
        [] => Requirement::Authenticated,
        [clause] => one(clause, resolver, diag),
        clauses => Requirement::All(each(clauses, resolver, diag)),
    }
}

fn each<'a>(clauses: &'a [Clause], resolver: &Resolver<'a>, diag: &mut Diag) -> Vec<Requirement<'a>> {
    clauses.iter().map(|clause| one(clause, resolver, diag)).collect()
}

fn one<'a>(Clause { key, kind }: &'a Clause, resolver: &Resolver<'a>, diag: &mut Diag) -> Requirement<'a> {
    match kind {
        ClauseKind::Role(role) => Requirement::Role { key, role },
        ClauseKind::Scope(scope) => Requirement::Scope { key, scope },
        ClauseKind::Fresh(max_age, seconds) => Requirement::Fresh { max_age, seconds: *seconds },
        ClauseKind::Acr(values) => Requirement::Acr(values),
        ClauseKind::Policy(policy) => Requirement::Policy(policy_use(policy, resolver, diag)),
        ClauseKind::Check(check) => Requirement::Check(condition(check, resolver, diag), check.short_text()),
        ClauseKind::Any(clauses) => Requirement::Any(each(clauses, resolver, diag)),
        ClauseKind::All(clauses) => all(clauses, resolver, diag),
        ClauseKind::Not(clause) => Requirement::Not(Box::new(one(clause, resolver, diag))),
    }
}

fn condition<'a>(check: &'a Check, resolver: &Resolver<'a>, diag: &mut Diag) -> Condition<'a> {
    match check {
        Check::Function(path) => Condition::Function(path),
        Check::Closure(closure) => Condition::Closure(closure, arguments(closure, resolver, diag)),
    }
}

/// Resolves the arguments of a named policy. Those that cannot be resolved are reported and left out.
fn policy_use<'a>(policy: &'a NamedPolicy, resolver: &Resolver<'a>, diag: &mut Diag) -> PolicyUse<'a> {
    let resolve = |name: &'a Ident| match resolver.resolve_name(name) {
        Ok(argument) => Some((name.unraw().to_string(), argument)),
        Err(error) => {
            diag.push(error);
            None
        }
    };
    let arguments = policy.arguments.as_ref().map(|names| names.iter().filter_map(resolve).collect());
    PolicyUse { policy, arguments }
}

/// The arguments for the closure's parameters. Those that cannot be resolved are reported and left out.
fn arguments<'a>(
    closure: &'a Closure,
    resolver: &Resolver<'a>,
    diag: &mut Diag,
) -> Vec<(&'a Parameter, Argument<'a>)> {
    if let Pat::Ident(first) = &closure.claims.0
        && resolver.has(&first.ident.unraw().to_string())
    {
        let name = text(first);
        diag.error(
            first,
            format!("the first parameter of a `check` is the claims: write `check = |user, {name}| …`"),
        );
        return Vec::new();
    }
    let resolved = closure.parameters.iter().filter_map(|parameter| match resolver.resolve(parameter) {
        Ok(argument) => Some((parameter, argument)),
        Err(error) => {
            diag.push(error);
            None
        }
    });
    resolved.collect()
}

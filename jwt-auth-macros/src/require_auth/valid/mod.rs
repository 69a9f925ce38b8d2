//! Rules that involve more than one part of the input, and the model that satisfies them.

mod contradiction;
mod guards;
mod not_found;
mod parameters;
mod place;
mod requirement;
mod resolver;
mod source;

use proc_macro2::TokenStream;
use syn::{ItemStruct, Type};

use super::ast::{Handler, argument_of, is_inferred};
use super::attr::Args;
use super::clause::Clause;
use crate::diag::Diag;
pub(crate) use parameters::{PolicyParameter, parameters};
pub(crate) use place::{Placed, place};
pub(crate) use requirement::{Condition, PolicyUse, Requirement};
use resolver::Resolver;
pub(crate) use source::Source;

/// A policy. It is valid if no errors were reported.
pub(crate) struct Policy<'a> {
    pub(crate) claims: ClaimsType<'a>,
    pub(crate) requirement: Requirement<'a>,
    /// Whether the store is asked on each request.
    pub(crate) strict: bool,
    /// Whether a denial looks like a route that does not exist.
    pub(crate) or_not_found: bool,
    /// Whether callers without a token are accepted.
    pub(crate) optional: bool,
    /// The only source of tokens, if the route accepts one alone.
    pub(crate) source: Option<Source>,
    /// Whether pages of other sites may use the browser's cookies.
    pub(crate) cross_origin: bool,
}

impl<'a> Policy<'a> {
    /// The claims type that the attribute names.
    pub(crate) fn claims_type(&self) -> Option<&'a Type> {
        match self.claims {
            ClaimsType::Type(claims) => Some(claims),
            ClaimsType::OfPolicy | ClaimsType::Any => None,
        }
    }
}

/// The claims type of a policy.
pub(crate) enum ClaimsType<'a> {
    Type(&'a Type),
    /// The claims type of the first named policy in the requirement.
    OfPolicy,
    /// None was given: the claims of any access token of this app.
    Any,
}

/// Checks the policy of a route.
pub(crate) fn policy<'a>(args: &'a Args, handler: &'a Handler, diag: &mut Diag) -> Policy<'a> {
    let arguments_are_fine = diag.is_empty();
    let optional = args.optional.is_some();
    match optional {
        true => guards::without_token(handler, diag),
        false => guards::with_token(handler, diag),
    }
    if let (Some(flag), Some(clause)) = (&args.optional, args.clauses.first()) {
        let key = &clause.key;
        diag.error(
            flag,
            format!(
                "`optional` accepts callers without a token, who cannot meet `{key}`: remove `optional`, or take \
                 `MaybeAuth` and check the claims in the handler"
            ),
        );
    }
    let guard = if optional { "MaybeAuth" } else { "Auth" };
    // The compiler reports a type that is inferred.
    let of_guard =
        || handler.parameters().find_map(|ty| argument_of(guard, ty)).filter(|claims| !is_inferred(claims));
    let claims = claims(args.claims.as_ref().or_else(of_guard), &args.clauses);
    if let (ClaimsType::Any, Some(clause)) = (&claims, args.clauses.iter().find_map(Clause::reads_claims))
        && arguments_are_fine
    {
        let key = &clause.key;
        diag.error(
            key,
            format!(
                "`{key}` needs a claims type: write `#[require_auth(User, …)]`, or take a parameter `Auth<User>`"
            ),
        );
    }
    let requirement = requirement(&args.clauses, &Resolver::for_route(handler), diag);
    let source = source::of(args, diag);
    not_found::check(args, arguments_are_fine, diag);
    let [strict, or_not_found, cross_origin] =
        [&args.strict, &args.or_not_found, &args.cross_origin].map(Option::is_some);
    Policy { claims, requirement, strict, or_not_found, optional, source, cross_origin }
}

/// Checks a named policy.
pub(crate) fn named_policy<'a>(args: &'a Args, declared: &'a ItemStruct, diag: &mut Diag) -> Policy<'a> {
    parameters::check_struct(declared, diag);
    let name = &declared.ident;
    let arguments_are_fine = diag.is_empty();
    let parameters = parameters(declared);
    parameters::check_attributes(&parameters, diag);
    let requirement = requirement(&args.clauses, &Resolver::for_named_policy(name, &parameters), diag);
    if arguments_are_fine && args.clauses.is_empty() {
        diag.error(
            name,
            format!("a policy needs at least one clause: write `#[policy(User, role = …)] struct {name};`"),
        );
    } else if arguments_are_fine && args.claims.is_none() {
        diag.error(name, format!("a policy needs a claims type: write `#[policy(User, …)] struct {name};`"));
    }
    for policy in args.clauses.iter().flat_map(Clause::policies) {
        if matches!(&policy.ty, Type::Path(path) if path.path.is_ident(name)) {
            diag.error(&policy.ty, format!("`{name}` cannot require itself: remove this clause"));
        }
    }
    if let Some(flag) = &args.optional {
        diag.error(
            flag,
            "`optional` applies to a route, not to a policy: move it to `#[require_auth(optional)]`",
        );
    }
    let claims = claims(args.claims.as_ref(), &args.clauses);
    source::refuse(args, diag);
    not_found::check(args, arguments_are_fine, diag);
    if diag.is_empty() {
        parameters::check_used(&parameters, &requirement, diag);
    }
    let [strict, or_not_found] = [&args.strict, &args.or_not_found].map(Option::is_some);
    Policy { claims, requirement, strict, or_not_found, optional: false, source: None, cross_origin: false }
}

/// Checks a public route.
pub(crate) fn public(args: &TokenStream, handler: &Handler, diag: &mut Diag) {
    if !args.is_empty() {
        diag.error(args, "`#[public]` takes no arguments: remove them, or use `#[require_auth(…)]`");
    }
    guards::public(handler, diag);
}

fn claims<'a>(given: Option<&'a Type>, clauses: &[Clause]) -> ClaimsType<'a> {
    match given {
        Some(claims) => ClaimsType::Type(claims),
        None if clauses.iter().any(|clause| !clause.policies().is_empty()) => ClaimsType::OfPolicy,
        None => ClaimsType::Any,
    }
}

fn requirement<'a>(clauses: &'a [Clause], resolver: &Resolver<'a>, diag: &mut Diag) -> Requirement<'a> {
    let requirement = requirement::all(clauses, resolver, diag);
    contradiction::check(clauses, diag);
    requirement
}

//! What a handler and its attribute must be to each other.

use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::{Error, Ident, Pat, Type};

use super::ast::{Attr, Handler, ROUTE_ATTRIBUTES, argument_of, is_named};
use super::attr::Args;
use super::check::{Check, Closure};
use super::clause::{Clause, Kind};
use super::parameters::Parameters;
use super::source::text;
use crate::diag::Diag;

/// Who may call a route.
pub(crate) struct Policy<'a> {
    /// The claims that are read; none are needed if there are no clauses.
    pub(crate) claims: Option<&'a Type>,
    pub(crate) clauses: &'a [Clause],
    /// Whether the store is asked as well.
    pub(crate) strict: bool,
    /// Whether callers without a token are let in.
    pub(crate) optional: bool,
}

/// Checks that the attribute is in its place: above the route attribute of a function, and alone.
pub(crate) fn place(attr: Attr, handler: &mut Handler, diag: &mut Diag) {
    for other in handler.attrs.extract_if(.., |attr| is_named(attr, &Attr::NAMES)) {
        let message = match is_named(&other, &[attr.name()]) {
            true => format!("`{attr}` stands here twice: remove one of the two"),
            false => "a route has one of `#[require_auth]` and `#[public]`: remove the one that is wrong"
                .to_owned(),
        };
        diag.error(other.path(), message);
    }
    if let Some(receiver) = handler.sig.receiver() {
        diag.error(receiver, "a method cannot be a route: make it a function without `self`");
        handler.attrs.retain(|attr| !is_named(attr, &ROUTE_ATTRIBUTES));
    } else if !handler.is_route() {
        diag.push(Error::new(
            Span::call_site(),
            format!(
                "`{attr}` stands above the route attribute, such as `#[get(\"/\")]`, and there is none below it: \
                 move it up, or make the function a route"
            ),
        ));
    }
}

pub(crate) fn policy<'a>(args: &'a mut Args, handler: &'a Handler, diag: &mut Diag) -> Policy<'a> {
    let arguments_are_fine = diag.is_empty();
    let optional = args.optional.is_some();
    for ty in handler.parameters() {
        match optional {
            true => never_without_token(ty, diag),
            false => always_with_token(ty, diag),
        }
    }
    if let (Some(word), Some(clause)) = (&args.optional, args.clauses.first()) {
        let key = &clause.key;
        diag.error(
            word,
            format!(
                "`optional` lets callers in without a token, and of them `{key}` cannot be asked: remove one of the \
                 two. Who the others are, a `MaybeAuth` parameter tells the handler"
            ),
        );
    }
    let guard = if optional { "MaybeAuth" } else { "Auth" };
    let claims = args.claims.as_ref().or_else(|| handler.parameters().find_map(|ty| argument_of(guard, ty)));
    if let (None, Some(clause)) = (claims, args.clauses.iter().find_map(Clause::reads_claims))
        && arguments_are_fine
        && !args.clauses.iter().any(|clause| !clause.policies().is_empty())
    {
        let key = &clause.key;
        diag.error(
            key,
            format!(
                "`{key}` is asked of claims, and nothing says of which type: name it first, \
                 as in `#[require_auth(User, …)]`, or take an `Auth<User>` parameter"
            ),
        );
    }
    clauses(&mut args.clauses, &Parameters::of(handler), diag);
    Policy { claims, clauses: &args.clauses, strict: args.strict.is_some(), optional }
}

/// Refuses a parameter that reckons with callers without a token, where there are none.
fn always_with_token(ty: &Type, diag: &mut Diag) {
    let optional = optional(ty).and_then(|ty| argument_of("Auth", ty));
    if let Some(claims) = optional.or_else(|| argument_of("MaybeAuth", ty)) {
        let claims = text(claims);
        diag.error(
            ty,
            format!(
                "`#[require_auth]` lets nobody in without a valid token: take `Auth<{claims}>`, \
                 or write `#[require_auth(optional)]` and take `MaybeAuth<{claims}>`"
            ),
        );
    }
}

/// Refuses a parameter that is there only with a token, where callers without one are let in.
fn never_without_token(ty: &Type, diag: &mut Diag) {
    if let Some(claims) = argument_of("Auth", optional(ty).unwrap_or(ty)) {
        let claims = text(claims);
        diag.error(
            ty,
            format!(
                "`optional` lets callers in without a token, and `Auth` needs one: take `MaybeAuth<{claims}>`, \
                 or remove `optional`"
            ),
        );
    }
}

/// What a named policy asks for.
pub(crate) fn named<'a>(args: &'a mut Args, name: &Ident, diag: &mut Diag) -> Policy<'a> {
    let arguments_are_fine = diag.is_empty();
    clauses(&mut args.clauses, &Parameters::none(), diag);
    if arguments_are_fine && args.clauses.is_empty() {
        diag.error(
            name,
            format!("the policy asks for nothing: write its clauses, `#[policy(User, …)] struct {name};`"),
        );
    } else if arguments_are_fine && args.claims.is_none() {
        diag.error(
            name,
            format!("a policy is about claims: name their type first, `#[policy(User, …)] struct {name};`"),
        );
    }
    for policy in args.clauses.iter().flat_map(Clause::policies) {
        if matches!(policy, Type::Path(path) if path.path.is_ident(name)) {
            diag.error(policy, format!("`{name}` cannot ask for itself: remove this"));
        }
    }
    if let Some(word) = &args.optional {
        diag.error(
            word,
            "`optional` concerns a route, and a policy asks for something: write it in `#[require_auth]`",
        );
    }
    Policy {
        claims: args.claims.as_ref(),
        clauses: &args.clauses,
        strict: args.strict.is_some(),
        optional: false,
    }
}

fn clauses(clauses: &mut [Clause], there: &Parameters<'_>, diag: &mut Diag) {
    for check in clauses.iter_mut().flat_map(Clause::checks) {
        if let Check::Closure(closure) = check {
            parameters(closure, there, diag);
        }
    }
    contradictions(clauses, Together::All, diag);
}

/// How the clauses of a list go together.
#[derive(Clone, Copy, PartialEq)]
enum Together {
    Any,
    All,
}

/// Refuses lists that cannot be meant, by what stands in them.
fn contradictions(clauses: &[Clause], together: Together, diag: &mut Diag) {
    for (n, clause) in clauses.iter().enumerate() {
        let text = clause.text();
        for earlier in &clauses[..n] {
            if earlier.text() == text {
                diag.error(&clause.key, format!("`{text}` stands here twice: remove one of the two"));
            } else if clause.negates(earlier) || earlier.negates(clause) {
                let earlier = earlier.text();
                let outcome = match together {
                    Together::All => "nobody meets both",
                    Together::Any => "everybody meets one",
                };
                diag.error(
                    &clause.key,
                    format!("{outcome} of `{earlier}` and `{text}`: remove one of the two"),
                );
            }
        }
        match &clause.kind {
            Kind::Any(clauses) => contradictions(clauses, Together::Any, diag),
            Kind::All(clauses) => contradictions(clauses, Together::All, diag),
            Kind::Not(inner) => {
                if let Kind::Not(innermost) = &inner.kind {
                    let innermost = innermost.text();
                    diag.error(&clause.key, format!("`{text}` asks for `{innermost}`: write that"));
                }
                if let Kind::Fresh(..) | Kind::Acr(_) = &inner.kind {
                    diag.error(&clause.key, format!("no new sign-in could meet `{text}`: remove the `not`"));
                }
                contradictions(std::slice::from_ref(inner), Together::All, diag);
            }
            _ => {}
        }
    }
}

/// Finds out what a condition takes.
fn parameters(closure: &mut Closure, there: &Parameters<'_>, diag: &mut Diag) {
    if let Pat::Ident(first) = &closure.claims.0
        && there.has(&first.ident.unraw().to_string())
    {
        let name = text(first);
        return diag.error(
            first,
            format!("a condition takes the claims first, whatever they are called: write `|user, {name}| …`"),
        );
    }
    for parameter in &mut closure.parameters {
        match there.resolve(parameter) {
            Ok(taken) => parameter.taken = Some(taken),
            Err(error) => diag.push(error),
        }
    }
}

pub(crate) fn public(args: &TokenStream, handler: &Handler, diag: &mut Diag) {
    if !args.is_empty() {
        diag.error(
            args,
            "`#[public]` takes no arguments: everyone is let in. `#[require_auth]` takes conditions",
        );
    }
    for ty in handler.parameters() {
        if let Some(claims) = argument_of("Auth", optional(ty).unwrap_or(ty)) {
            let claims = text(claims);
            diag.error(
                ty,
                format!(
                    "`#[public]` lets callers in without a token, and `Auth` needs one: take `MaybeAuth<{claims}>`, \
                     or put `#[require_auth]` in place of `#[public]`"
                ),
            );
        }
    }
}

/// The `T` of a guard that Rocket makes of a failing `T`.
fn optional(ty: &Type) -> Option<&Type> {
    ["Option", "Result"].iter().find_map(|wrapper| argument_of(wrapper, ty))
}

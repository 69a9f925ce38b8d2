//! The handler, its guard and its policy.

mod condition;

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{FnArg, Ident, PatType, Signature, Type, Visibility};

use super::ast::{Handler, argument_of};
use super::clause::{Clause, Kind};
use super::operation::Operation;
use super::route::Route;
use super::source::text;
use super::valid::Policy;
use crate::exports::*;

pub(crate) fn require_auth(policy: &Policy<'_>, handler: &Handler) -> TokenStream {
    let Handler { attrs, vis, sig, body, route } = handler;
    let name = policy_type(handler, "policy");
    let guard = policy_type(handler, "authorized");
    let route_policy = route_policy(handler, &quote!(#_Access::of::<#name>()), Some(&name));

    let mut sig = sig.clone();
    let body = match handed_over(policy, &mut sig) {
        Some(parameter) => begin_with(&parameter, body.clone()),
        None => body.clone(),
    };
    // Rocket tells parameters apart by their text alone.
    sig.inputs.insert(0, syn::parse_quote!(__jwt_auth_authorized: #guard));
    let policy = self::policy(policy, &name, Some(route));
    // The policy is private even if the handler is not: it names claims that may be.
    let allow = (!matches!(vis, Visibility::Inherited)).then(|| quote!(#[allow(private_interfaces)]));
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code)]
        struct #name;
        // Rocket expands to less for a guard whose arguments it does not see.
        #[allow(non_camel_case_types)]
        type #guard = #_Authorized<#name>;

        #policy

        #route_policy

        #allow
        #(#attrs)*
        #vis #sig #body
    }
}

/// A name beside that of the handler, which several handlers of a module do not share.
fn policy_type(handler: &Handler, what: &str) -> Ident {
    format_ident!("__{}_{what}", handler.sig.ident.unraw(), span = Span::call_site())
}

/// Takes out the parameter that the policy has an answer for, the claims that met it: as a guard of its own it
/// would be asked once more. What makes it of the policy's answer.
fn handed_over(policy: &Policy<'_>, sig: &mut Signature) -> Option<TokenStream> {
    let (guard, make) = match policy.optional {
        true => ("MaybeAuth", quote!(#_private::maybe_auth)),
        false => ("Auth", quote!(#_private::auth)),
    };
    let claims = text(policy.claims?);
    let is_it = |parameter: &FnArg| match parameter {
        FnArg::Typed(PatType { ty, .. }) => argument_of(guard, ty).is_some_and(|ty| text(ty) == claims),
        FnArg::Receiver(_) => false,
    };
    let at = sig.inputs.iter().position(is_it)?;
    let mut inputs: Vec<FnArg> = std::mem::take(&mut sig.inputs).into_iter().collect();
    let FnArg::Typed(PatType { attrs, pat, ty, .. }) = inputs.remove(at) else { return None };
    sig.inputs.extend(inputs);
    let make = self::at(ty.span(), make);
    Some(quote_spanned!(ty.span()=> #(#attrs)* let #pat: #ty = #make(__jwt_auth_authorized);))
}

/// A body that begins with this statement. What follows may be half typed.
fn begin_with(statement: &TokenStream, body: TokenStream) -> TokenStream {
    let begun = body.into_iter().map(|token| match token {
        TokenTree::Group(block) if block.delimiter() == Delimiter::Brace => {
            let rest = block.stream();
            let mut begun = Group::new(Delimiter::Brace, quote!(#statement #rest));
            begun.set_span(block.span());
            TokenTree::Group(begun)
        }
        token => token,
    });
    begun.collect()
}

/// What the type `name` asks for.
pub(crate) fn policy(policy: &Policy<'_>, name: &Ident, route: Option<&Route>) -> TokenStream {
    let policies: Vec<_> = policy.clauses.iter().flat_map(Clause::policies).collect();
    let claims = match (policy.claims, policies.first()) {
        (Some(claims), _) => quote!(#claims),
        (None, Some(first)) => {
            let trait_ = at(first.span(), quote!(#_Policy));
            quote_spanned!(first.span()=> <#first as #trait_>::Claims)
        }
        (None, None) => quote!(#_BareClaims),
    };
    let strict = policy.strict.then(|| {
        quote!(
            const STRICT: bool = true;
        )
    });
    let optional = policy.optional.then(|| {
        quote!(
            const OPTIONAL: bool = true;
        )
    });
    let route = route.cloned().unwrap_or_default();
    let requirement = all(policy.clauses, &route);
    let hierarchy = policy.clauses.iter().any(Clause::asks_for_a_role).then(|| {
        quote!(
            #[allow(unused_imports)]
            use #_private::NoHierarchy as _;
        )
    });
    quote! {
        impl #_Policy for #name {
            type Claims = #claims;
            #strict
            #optional
            const REQUIREMENT: #_Requirement<Self::Claims> = {
                #hierarchy
                #requirement
            };
        }
    }
}

/// A policy of this name that nobody meets, beside the message of what is wrong with it.
pub(crate) fn never(name: &Ident, claims: Option<&Type>) -> TokenStream {
    let claims = claims.map_or_else(|| quote!(#_BareClaims), |claims| quote!(#claims));
    quote! {
        impl #_Policy for #name {
            type Claims = #claims;
            const REQUIREMENT: #_Requirement<Self::Claims> = #_Requirement::Not(&#_Requirement::Authenticated);
        }
    }
}

pub(crate) fn public(handler: &Handler) -> TokenStream {
    let route_policy = route_policy(handler, &quote!(#_Access::Public), None);
    quote!(#route_policy #handler)
}

/// The handler as it stands, and a decision about its route, so that its uses add no messages.
pub(crate) fn fallback(handler: &Handler) -> TokenStream {
    if handler.is_route() { public(handler) } else { quote!(#handler) }
}

/// The decision, on the type that Rocket makes for the route.
fn route_policy(handler: &Handler, access: &TokenStream, policy: Option<&Ident>) -> TokenStream {
    let ident = &handler.sig.ident;
    let operation = Operation::of(handler);
    let (described, undescribed) = (operation.described(policy), operation.undescribed());
    quote! {
        impl #_RoutePolicy for #ident {
            fn access() -> #_Access {
                #access
            }

            #described
        }

        #undescribed
    }
}

fn all(clauses: &[Clause], route: &Route) -> TokenStream {
    match clauses {
        [] => quote!(#_Requirement::Authenticated),
        [clause] => requirement(clause, route),
        clauses => {
            let all = clauses.iter().map(|clause| requirement(clause, route));
            quote!(#_Requirement::All(&[#(#all),*]))
        }
    }
}

fn requirement(Clause { key, kind }: &Clause, route: &Route) -> TokenStream {
    match kind {
        Kind::Role(role) => {
            let source = text(role);
            let claims = ours("__claims", key.span());
            let ranks = ours("__ranks", key.span());
            let has_role = at(role.span(), quote!(#_private::has_role));
            let walk = quote_spanned!(key.span()=> |#ranks| #ranks.walk());
            let held = quote!(#has_role(#role, #claims, #walk));
            quote!(#_Requirement::ranked_role(#source, |#claims| #held))
        }
        Kind::Scope(scope) => {
            let make = at(key.span(), quote!(#_Requirement::scope));
            quote_spanned!(key.span()=> #make(#scope))
        }
        Kind::Fresh(source, seconds) => {
            quote!(#_Requirement::fresh(#source, #_core::time::Duration::from_secs(#seconds)))
        }
        Kind::Acr(values) => quote!(#_Requirement::acr(#values)),
        Kind::Policy(policy) => {
            let source = text(policy);
            let make = at(policy.span(), quote!(#_Requirement::<Self::Claims>::policy));
            quote_spanned!(policy.span()=> #make::<#policy>(#source))
        }
        Kind::Check(condition) => condition::requirement(condition, route),
        Kind::Any(clauses) => {
            let any = clauses.iter().map(|clause| requirement(clause, route));
            quote!(#_Requirement::Any(&[#(#any),*]))
        }
        Kind::All(clauses) => all(clauses, route),
        Kind::Not(clause) => {
            let clause = requirement(clause, route);
            quote!(#_Requirement::Not(&#clause))
        }
    }
}

/// A name that no name of the user's can be, at a place of theirs.
fn ours(name: &str, span: Span) -> Ident {
    Ident::new(name, Span::mixed_site().located_at(span))
}

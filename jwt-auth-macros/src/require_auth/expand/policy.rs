//! The content of a policy: the rules of a route, or the impl of `Policy` for a named policy.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Ident, Type};

use super::arguments::{policy_type, query_fields};
use super::{condition, guards};
use crate::exports::*;
use crate::pretty::text;
use crate::require_auth::valid::{ClaimsType, Policy, Requirement, Source};

/// The rules of a route, with the items that they and the claims type refer to.
pub(super) fn rules(policy: &Policy<'_>, claims: &TokenStream, guarding: &TokenStream) -> TokenStream {
    let span = claims.span();
    let rules = at(span, quote!(#_private::rules));
    let fields = query_fields(&policy.requirement);
    let guards = guards::of_conditions(&policy.requirement, claims);
    let hierarchy = no_hierarchy(&policy.requirement);
    let requirement = requirement(&policy.requirement, claims);
    let strict = policy.strict.then(|| quote!(.strict()));
    let or_not_found = policy.or_not_found.then(|| quote!(.or_not_found()));
    let optional = policy.optional.then(|| quote!(.optional()));
    let source = source(policy).map(|source| quote!(.only_from(#source)));
    let cross_origin = policy.cross_origin.then(|| quote!(.cross_origin()));
    let options = quote!(#strict #or_not_found #optional #source #cross_origin);
    // The span of the type, where the compiler then reports that it does not implement `Claims`.
    let guarding = quote_spanned!(span=> #guarding(&#rules::<#claims>(#requirement) #options));
    quote!(#fields #guards #hierarchy #guarding)
}

/// The claims type of a policy.
pub(super) fn claims_of(policy: &Policy<'_>) -> TokenStream {
    match policy.claims {
        ClaimsType::Type(claims) => quote!(#claims),
        ClaimsType::OfPolicy => match policy.requirement.policies().first() {
            Some(other) => {
                let (other, span) = (policy_type(other), other.policy.ty.span());
                let trait_ = at(span, quote!(#_Policy));
                quote_spanned!(span=> <#other as #trait_>::Claims)
            }
            None => quote!(#_SubjectClaims),
        },
        ClaimsType::Any => quote!(#_SubjectClaims),
    }
}

fn source(policy: &Policy<'_>) -> Option<TokenStream> {
    Some(match policy.source? {
        Source::Header => quote!(#_Source::Header),
        Source::Cookie => quote!(#_Source::Cookie),
    })
}

/// The fallback for roles without a hierarchy, if the requirement has roles.
fn no_hierarchy(requirement: &Requirement<'_>) -> Option<TokenStream> {
    requirement.has_role().then(|| {
        quote!(
            #[allow(unused_imports)]
            use #_private::NoHierarchy as _;
        )
    })
}

/// The impl for a named policy without parameters.
pub(super) fn policy(policy: &Policy<'_>, name: &Ident) -> TokenStream {
    let guards = guards::of_conditions(&policy.requirement, &quote!(<#name as #_Policy>::Claims));
    let content = content(policy);
    quote! {
        #guards

        impl #_Policy for #name {
            #content
        }
    }
}

/// The items of the impl.
pub(super) fn content(policy: &Policy<'_>) -> TokenStream {
    let claims = claims_of(policy);
    let [strict, or_not_found] =
        [(policy.strict, quote!(STRICT)), (policy.or_not_found, quote!(OR_NOT_FOUND))]
            .map(|(is_set, name)| is_set.then(|| quote!(const #name: bool = true;)));
    let hierarchy = no_hierarchy(&policy.requirement);
    let requirement = requirement(&policy.requirement, &quote!(Self::Claims));
    quote! {
        type Claims = #claims;
        #strict
        #or_not_found
        const REQUIREMENT: #_Requirement<Self::Claims> = {
            #hierarchy
            #requirement
        };
    }
}

/// The items of the impl for a policy that rejects every caller.
pub(super) fn rejecting(claims: Option<&Type>) -> TokenStream {
    let claims = claims.map_or_else(|| quote!(#_SubjectClaims), |claims| quote!(#claims));
    quote! {
        type Claims = #claims;
        const REQUIREMENT: #_Requirement<Self::Claims> = #_Requirement::not(&#_Requirement::authenticated());
    }
}

/// Returns whether the expression is known to be constant: a path or a literal.
fn is_known(role: &Expr) -> bool {
    match role {
        Expr::Group(group) => is_known(&group.expr),
        Expr::Path(_) | Expr::Lit(_) => true,
        _ => false,
    }
}

fn requirement(required: &Requirement<'_>, claims: &TokenStream) -> TokenStream {
    let each = |of: &[Requirement<'_>]| of.iter().map(|one| requirement(one, claims)).collect::<Vec<_>>();
    match required {
        Requirement::Authenticated => quote!(#_Requirement::authenticated()),
        Requirement::Role { key, role } => {
            let source = text(role);
            let search = quote!(#_private::Ranks::<#claims>::SEARCH);
            if is_known(role) {
                let known_role = at(key.span(), quote!(#_private::known_role));
                let known = quote_spanned!(key.span()=> const { &#known_role(#role, #search) });
                return quote!(#_Requirement::known_role(#source, #known));
            }
            let claims = hygienic("__claims", key.span());
            let has_role = at(role.span(), quote!(#_private::has_role));
            let held = quote!(#has_role(#role, #claims, #search));
            quote!(#_Requirement::ranked_role(#source, |#claims| #held))
        }
        Requirement::Scope { key, scope } => {
            let make = at(key.span(), quote!(#_Requirement::scope));
            quote_spanned!(key.span()=> #make(#scope))
        }
        Requirement::Fresh { max_age, seconds } => {
            quote!(#_Requirement::fresh(#max_age, #_core::time::Duration::from_secs(#seconds)))
        }
        Requirement::Acr(values) => quote!(#_Requirement::acr(#values)),
        Requirement::Policy(used) => {
            let (source, span, ty) = (used.policy.text(), used.policy.ty.span(), policy_type(used));
            let path = at(span, quote!(#_Requirement));
            quote_spanned!(span=> #path::<#claims>::policy::<#ty>(#source))
        }
        Requirement::Check(condition, source) => {
            let (ask, abort) = (condition::ask(condition), condition::abort(condition));
            quote!(#_Requirement::check(#source, #ask, #abort))
        }
        Requirement::Any(inner) => {
            let inner = each(inner);
            quote!(#_Requirement::any(&[#(#inner),*]))
        }
        Requirement::All(inner) => {
            let inner = each(inner);
            quote!(#_Requirement::all(&[#(#inner),*]))
        }
        Requirement::Not(inner) => {
            let inner = requirement(inner, claims);
            quote!(#_Requirement::not(&#inner))
        }
    }
}

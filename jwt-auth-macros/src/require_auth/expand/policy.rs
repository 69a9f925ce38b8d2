//! The impl of `Policy`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Ident, Type};

use super::arguments::{policy_type, query_fields};
use super::{condition, guards};
use crate::exports::*;
use crate::pretty::text;
use crate::require_auth::valid::{ClaimsType, Policy, Requirement, Source};

/// The impl for the type `name`.
pub(crate) fn policy(policy: &Policy<'_>, name: &Ident) -> TokenStream {
    let guards = guards::of_conditions(&policy.requirement, &guards::claims_of(name));
    let fields = query_fields(&policy.requirement);
    let content = content(policy);
    quote! {
        #guards

        #fields

        impl #_Policy for #name {
            #content
        }
    }
}

/// The items of the impl.
pub(super) fn content(policy: &Policy<'_>) -> TokenStream {
    let claims = match policy.claims {
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
    };
    let strict = policy.strict.then(|| {
        quote!(
            const STRICT: bool = true;
        )
    });
    let or_not_found = policy.or_not_found.then(|| {
        quote!(
            const OR_NOT_FOUND: bool = true;
        )
    });
    let optional = policy.optional.then(|| {
        quote!(
            const OPTIONAL: bool = true;
        )
    });
    let source = policy.source.map(|source| {
        let source = match source {
            Source::Header => quote!(Header),
            Source::Cookie => quote!(Cookie),
        };
        quote!(
            const SOURCE: ::core::option::Option<#_Source> = ::core::option::Option::Some(#_Source::#source);
        )
    });
    let cross_origin = policy.cross_origin.then(|| {
        quote!(
            const CROSS_ORIGIN: bool = true;
        )
    });
    let requirement = requirement(&policy.requirement);
    let hierarchy = policy.requirement.has_role().then(|| {
        quote!(
            #[allow(unused_imports)]
            use #_private::NoHierarchy as _;
        )
    });
    quote! {
        type Claims = #claims;
        #strict
        #or_not_found
        #optional
        #source
        #cross_origin
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

fn requirement(required: &Requirement<'_>) -> TokenStream {
    match required {
        Requirement::Authenticated => quote!(#_Requirement::authenticated()),
        Requirement::Role { key, role } => {
            let source = text(role);
            let search = quote!(#_private::Ranks::<Self::Claims>::SEARCH);
            if is_known(role) {
                let known_role = at(role.span(), quote!(#_private::known_role));
                let claims = quote!(#_core::marker::PhantomData::<fn(Self::Claims)>);
                let claims = at(key.span(), claims);
                let known = quote!(const { &#known_role(#role, #claims, #search) });
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
            let make = at(span, quote!(#_Requirement::<Self::Claims>::policy));
            quote_spanned!(span=> #make::<#ty>(#source))
        }
        Requirement::Check(condition, source) => {
            let (ask, abort) = (condition::ask(condition), condition::abort(condition));
            quote!(#_Requirement::check(#source, #ask, #abort))
        }
        Requirement::Any(inner) => {
            let inner = inner.iter().map(requirement);
            quote!(#_Requirement::any(&[#(#inner),*]))
        }
        Requirement::All(inner) => {
            let inner = inner.iter().map(requirement);
            quote!(#_Requirement::all(&[#(#inner),*]))
        }
        Requirement::Not(inner) => {
            let inner = requirement(inner);
            quote!(#_Requirement::not(&#inner))
        }
    }
}

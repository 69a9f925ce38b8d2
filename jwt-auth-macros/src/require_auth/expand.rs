//! The handler, its guard and its policy.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Ident, Meta, Visibility};

use super::ast::Handler;
use super::attr::{Clause, Kind};
use super::source::text;
use super::valid::Policy;
use crate::exports::*;

pub(crate) fn require_auth(policy: &Policy<'_>, handler: &Handler) -> TokenStream {
    let Handler { attrs, vis, sig, body } = handler;
    let name = format_ident!("__{}_policy", sig.ident.unraw(), span = Span::call_site());
    let cfg = handler.cfg();
    let claims = policy.claims.map_or_else(|| quote!(#_BareClaims), |claims| quote!(#claims));
    let requirement = all(policy.clauses);
    let route_policy = route_policy(handler, &quote!(#_Access::required::<#name>()));

    // The policy is private even if the handler is not: it names claims that may be.
    let allow = (!matches!(vis, Visibility::Inherited)).then(|| quote!(#[allow(private_interfaces)]));
    let mut sig = sig.clone();
    sig.inputs.insert(0, syn::parse_quote!(__authorized: #_Authorized<#name>));
    quote! {
        #cfg
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code)]
        struct #name;

        #cfg
        impl #_Policy for #name {
            type Claims = #claims;
            const REQUIREMENT: #_Requirement<#claims> = #requirement;
        }

        #route_policy

        #allow
        #(#attrs)*
        #vis #sig #body
    }
}

pub(crate) fn public(handler: &Handler) -> TokenStream {
    let route_policy = route_policy(handler, &quote!(#_Access::Public));
    quote!(#route_policy #handler)
}

/// The handler as it stands, and a decision about its route, so that its uses add no messages.
pub(crate) fn fallback(handler: &Handler) -> TokenStream {
    if handler.routes().is_empty() {
        return quote!(#handler);
    }
    public(handler)
}

/// The decision, on the type that Rocket makes for the route.
fn route_policy(handler: &Handler, access: &TokenStream) -> TokenStream {
    let (cfg, ident) = (handler.cfg(), &handler.sig.ident);
    let conditions: Option<Vec<_>> = handler.routes().into_iter().collect();
    let route_cfg = conditions.map(|conditions| quote!(#[cfg(any(#(#conditions),*))]));
    quote! {
        #cfg
        #route_cfg
        impl #_RoutePolicy for #ident {
            fn access() -> #_Access {
                #access
            }
        }
    }
}

impl Handler {
    /// Its `#[cfg]`s, for what must be there when it is.
    fn cfg(&self) -> TokenStream {
        let cfgs = self.attributes(&["cfg"]).map(|(meta, condition): (Meta, _)| match condition {
            Some(condition) => quote!(#[cfg_attr(#condition, #meta)]),
            None => quote!(#[#meta]),
        });
        quote!(#(#cfgs)*)
    }
}

fn all(clauses: &[Clause]) -> TokenStream {
    match clauses {
        [] => quote!(#_Requirement::Authenticated),
        [clause] => requirement(clause),
        clauses => {
            let all = clauses.iter().map(requirement);
            quote!(#_Requirement::All(&[#(#all),*]))
        }
    }
}

fn requirement(Clause { key, kind }: &Clause) -> TokenStream {
    match kind {
        Kind::Role(role) => {
            let source = text(role);
            let claims = Ident::new("claims", Span::mixed_site());
            let asked = Ident::new("role", Span::mixed_site());
            let make = quote_spanned!(key.span()=> #_Requirement::role);
            quote!(#make(#source, |#claims| {
                let #asked = #role;
                #_private::has_role(#claims, &#asked)
            }))
        }
        Kind::Scope(scope) => {
            let make = quote_spanned!(key.span()=> #_Requirement::scope);
            quote!(#make(#scope))
        }
        Kind::Any(clauses) => {
            let any = clauses.iter().map(requirement);
            quote!(#_Requirement::Any(&[#(#any),*]))
        }
        Kind::All(clauses) => all(clauses),
    }
}

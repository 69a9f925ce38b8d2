//! The handler and the access rule of its route.

mod arguments;
mod condition;
mod declaration;
mod guards;
mod operation;
mod policy;
mod taken;

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Ident, Signature};

use super::ast::Handler;
use super::valid::{Placed, Policy};
use crate::exports::*;
pub(super) use declaration::{named_policy, named_policy_with_errors};
use operation::Operation;
use taken::take_auth;

pub(super) fn require_auth(policy: &Policy<'_>, placed: &Placed<'_>) -> TokenStream {
    let Placed { handler: handler @ Handler { vis, sig, body, .. }, attrs, .. } = placed;
    let ident = &sig.ident;
    let guard = generated_type(handler);
    let claims = policy::claims_of(policy);
    let operation = Operation::of(handler);
    let (described, module_items) = (operation.described(), operation.undescribed());

    let mut sig = sig.clone();
    let taken = placed.may_lose_parameters().then(|| take_auth(policy, &mut sig)).flatten();
    let (body, guarding) = match &taken {
        Some(taken) => (prepend(&taken.binding(), body.clone()), taken.guarding(&claims)),
        None => (body.clone(), at(claims.span(), quote!(#_private::decides))),
    };
    let allow = allow_another_parameter(&sig);
    // Rocket distinguishes parameters by their text alone.
    sig.inputs.insert(0, syn::parse_quote!(__jwt_auth_authorized: #guard));
    let rules = policy::rules(policy, &claims, &guarding);
    let guards = guards::checked(handler, taken.as_ref(), &claims);
    quote! {
        // Rocket generates less code for a guard type without visible generic arguments.
        #[allow(non_camel_case_types)]
        type #guard = #_private::RouteGuard<#ident>;

        impl #_private::GuardedRoute for #ident {
            const GUARDING: #_private::Guarding = {
                #guards
                #rules
            };

            #described
        }

        #module_items

        #allow
        #(#attrs)*
        #vis #sig #body
    }
}

/// With its own parameter, the attribute must not trigger a lint that the handler as written does not.
fn allow_another_parameter(sig: &Signature) -> Option<TokenStream> {
    const MOST_BY_DEFAULT: usize = 7;
    (sig.inputs.len() == MOST_BY_DEFAULT).then(|| quote!(#[allow(clippy::too_many_arguments)]))
}

pub(super) fn public(placed: &Placed<'_>) -> TokenStream {
    let (handler, guards) = (with_public_access(placed), guards::public(placed.handler));
    quote!(#guards #handler)
}

fn with_public_access(placed: &Placed<'_>) -> TokenStream {
    let ident = &placed.handler.sig.ident;
    let operation = Operation::of(placed.handler);
    let (described, module_items) = (operation.described(), operation.undescribed());
    let handler = unchanged(placed);
    quote! {
        impl #_RoutePolicy for #ident {
            fn access() -> #_Access {
                #_Access::Public
            }

            #described
        }

        #module_items

        #handler
    }
}

/// The handler with an access rule for its route, so that its uses cause no further errors.
pub(super) fn fallback(placed: &Placed<'_>) -> TokenStream {
    if placed.is_route() { with_public_access(placed) } else { unchanged(placed) }
}

fn unchanged(Placed { handler: Handler { vis, sig, body, .. }, attrs, .. }: &Placed<'_>) -> TokenStream {
    quote!(#(#attrs)* #vis #sig #body)
}

/// The name of the guard's type, unique in the module.
fn generated_type(handler: &Handler) -> Ident {
    format_ident!("__{}_authorized", handler.sig.ident.unraw(), span = Span::call_site())
}

/// Puts a statement at the beginning of a body. The rest may be incomplete.
fn prepend(statement: &TokenStream, body: TokenStream) -> TokenStream {
    let prepended = body.into_iter().map(|token| match token {
        TokenTree::Group(block) if block.delimiter() == Delimiter::Brace => {
            let rest = block.stream();
            let mut prepended = Group::new(Delimiter::Brace, quote!(#statement #rest));
            prepended.set_span(block.span());
            TokenTree::Group(prepended)
        }
        token => token,
    });
    prepended.collect()
}

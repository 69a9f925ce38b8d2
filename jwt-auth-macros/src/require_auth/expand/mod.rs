//! The handler and the access rule of its route.

mod condition;
mod guards;
mod operation;
mod policy;

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{FnArg, Ident, PatType, Signature, Visibility};

use super::ast::{Handler, argument_of};
use super::valid::{ClaimsType, Placed, Policy};
use crate::exports::*;
use crate::pretty::text;
use operation::Operation;
pub(super) use policy::{never, policy};

pub(super) fn require_auth(policy: &Policy<'_>, placed: &Placed<'_>) -> TokenStream {
    let Placed { handler: handler @ Handler { vis, sig, body, .. }, attrs, .. } = placed;
    let name = generated_type(handler, "policy");
    let guard = generated_type(handler, "authorized");
    let route_policy = route_policy(handler, &quote!(#_Access::of::<#name>()));

    let mut sig = sig.clone();
    let body = match take_auth(policy, &mut sig) {
        Some(parameter) => prepend(&parameter, body.clone()),
        None => body.clone(),
    };
    // Rocket distinguishes parameters by their text alone.
    sig.inputs.insert(0, syn::parse_quote!(__jwt_auth_authorized: #guard));
    let policy = self::policy(policy, &name);
    let guards = guards::checked(handler, &name);
    // The policy is private even if the handler is public: its claims type may be private.
    let allow = (!matches!(vis, Visibility::Inherited)).then(|| quote!(#[allow(private_interfaces)]));
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code)]
        struct #name;
        // Rocket generates less code for a guard type without visible generic arguments.
        #[allow(non_camel_case_types)]
        type #guard = #_Authorized<#name>;

        #policy

        #route_policy

        #guards

        #allow
        #(#attrs)*
        #vis #sig #body
    }
}

pub(super) fn public(placed: &Placed<'_>) -> TokenStream {
    let (handler, guards) = (with_public_access(placed), guards::public(placed.handler));
    quote!(#guards #handler)
}

fn with_public_access(placed: &Placed<'_>) -> TokenStream {
    let route_policy = route_policy(placed.handler, &quote!(#_Access::Public));
    let handler = unchanged(placed);
    quote!(#route_policy #handler)
}

/// The handler with an access rule for its route, so that its uses cause no further errors.
pub(super) fn fallback(placed: &Placed<'_>) -> TokenStream {
    if placed.is_route() { with_public_access(placed) } else { unchanged(placed) }
}

fn unchanged(Placed { handler: Handler { vis, sig, body, .. }, attrs, .. }: &Placed<'_>) -> TokenStream {
    quote!(#(#attrs)* #vis #sig #body)
}

/// The impl of `RoutePolicy`, on the type that Rocket generates for the route.
fn route_policy(handler: &Handler, access: &TokenStream) -> TokenStream {
    let ident = &handler.sig.ident;
    let operation = Operation::of(handler);
    let (described, undescribed) = (operation.described(), operation.undescribed());
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

/// The name of a type that is generated for the handler, unique in the module.
fn generated_type(handler: &Handler, what: &str) -> Ident {
    format_ident!("__{}_{what}", handler.sig.ident.unraw(), span = Span::call_site())
}

/// Removes the parameter that holds the claims of the policy, which the policy's own guard has verified: as
/// another guard it would verify them again. Returns the statement that binds the parameter in the body.
fn take_auth(policy: &Policy<'_>, sig: &mut Signature) -> Option<TokenStream> {
    let ClaimsType::Type(claims) = policy.claims else { return None };
    let claims = text(claims);
    let (guard, make) = match policy.optional {
        true => ("MaybeAuth", quote!(#_private::maybe_auth)),
        false => ("Auth", quote!(#_private::auth)),
    };
    let is_it = |parameter: &FnArg| match parameter {
        FnArg::Typed(PatType { ty, .. }) => argument_of(guard, ty).is_some_and(|ty| text(ty) == claims),
        FnArg::Receiver(_) => false,
    };
    let index = sig.inputs.iter().position(is_it)?;
    let mut inputs: Vec<FnArg> = std::mem::take(&mut sig.inputs).into_iter().collect();
    let FnArg::Typed(PatType { attrs, pat, ty, .. }) = inputs.remove(index) else { return None };
    sig.inputs.extend(inputs);
    let make = at(ty.span(), make);
    Some(quote_spanned!(ty.span()=> #(#attrs)* let #pat: #ty = #make(__jwt_auth_authorized);))
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

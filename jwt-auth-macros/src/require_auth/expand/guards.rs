//! What the compiler checks about a handler's guards: by their types, since names may be aliases.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Type;
use syn::spanned::Spanned;

use crate::exports::*;
use crate::require_auth::ast::Handler;
use crate::require_auth::lifetimes::without_lifetimes;

/// The form in which a guard reads the token, by the names of its constants.
const FORMS: [&str; 3] = ["VALUE", "REFERENCE", "POLICY"];

/// The guards of a handler on a route for callers who have a valid token or none. The attribute's own guard has rejected
/// any other request, so that an `Option<Authorized<…>>` tells whether a policy is met, and hides no forged token.
pub(super) fn checked(handler: &Handler) -> TokenStream {
    let guards = guards(handler);
    guards.iter().map(|guard| rejects_invalid_tokens(guard, &FORMS[..2])).collect()
}

/// The guards of a handler on a public route.
pub(super) fn public(handler: &Handler) -> TokenStream {
    let guards = guards(handler);
    guards.iter().map(|guard| rejects_invalid_tokens(guard, &FORMS)).collect()
}

/// The types of the guards, for use outside of the signature.
fn guards(handler: &Handler) -> Vec<TokenStream> {
    let types = handler.guards().map(Type::to_token_stream);
    // Rocket reports types that no guard can have.
    types.filter(|ty| !is_opaque(ty.clone())).map(without_lifetimes).collect()
}

/// Whether the type contains an `impl Trait`.
fn is_opaque(ty: TokenStream) -> bool {
    ty.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "impl",
        TokenTree::Group(group) => is_opaque(group.stream()),
        _ => false,
    })
}

/// Asserts that a guard of these forms is not in a wrapper with which Rocket continues when the guard fails.
fn rejects_invalid_tokens(ty: &TokenStream, forms: &[&str]) -> TokenStream {
    let assert = at(ty.span(), quote!(#_private::assert_rejects_invalid_tokens));
    let wraps = constants(ty, "WRAPS_BY", forms);
    assertion(&assert, ty, &quote!(!(#(#wraps)||*)))
}

fn assertion(assert: &TokenStream, ty: &TokenStream, condition: &TokenStream) -> TokenStream {
    quote! {
        const _: () = {
            #[allow(unused_imports)]
            use #_private::OtherType as _;
            #assert::<#ty, #_private::Met<{ #condition }>>()
        };
    }
}

/// The constants that are known about a type.
fn constants(ty: &TokenStream, what: &str, forms: &[&str]) -> Vec<TokenStream> {
    let constant = |form: &&str| {
        let name = quote::format_ident!("{what}_{form}");
        quote!(#_private::GuardType::<#ty>::#name)
    };
    forms.iter().map(constant).collect()
}

//! Rules for a handler's guards that the compiler checks by type, because names may be aliases.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Type;
use syn::spanned::Spanned;

use super::taken::Taken;
use crate::exports::*;
use crate::require_auth::ast::{Handler, is_inferred, is_opaque};
use crate::require_auth::lifetimes::without_lifetimes;
use crate::require_auth::valid::Requirement;

/// The forms in which a guard can read the token, as the names of constants.
const FORMS: [&str; 3] = ["VALUE", "REFERENCE", "POLICY"];

/// Checks the guards of a handler with `#[require_auth]`. The attribute's own guard has already rejected invalid
/// tokens, so an `Option<Authorized<…>>` hides none: it only shows whether a policy is met. The parameter `taken` needs no
/// check, because it is the `Auth` of the policy.
pub(super) fn checked(handler: &Handler, taken: Option<&Taken>, claims: &TokenStream) -> TokenStream {
    let others = handler.guards().filter(|ty| taken.is_none_or(|taken| !taken.is(handler, ty)));
    let guards = usable(others);
    let rejecting = guards.iter().map(|guard| rejects_invalid_tokens(guard, &FORMS[..2]));
    let own = guards.iter().map(|guard| shares_tokens(guard, claims, None));
    let others = pairs(&guards).map(|(guard, other)| shares_tokens(guard, other, Some(claims)));
    quote!(#(#rejecting)* #(#own)* #(#others)*)
}

/// Checks the guards of a handler on a public route.
pub(super) fn public(handler: &Handler) -> TokenStream {
    let guards = usable(handler.guards());
    let rejecting = guards.iter().map(|guard| rejects_invalid_tokens(guard, &FORMS));
    let others = pairs(&guards).map(|(guard, other)| shares_tokens(guard, other, None));
    quote!(#(#rejecting)* #(#others)*)
}

/// Checks the guards of a policy's conditions. They may be in a wrapper, because they run only if the token is valid.
pub(super) fn of_conditions(requirement: &Requirement<'_>, claims: &TokenStream) -> TokenStream {
    requirement.guards().map(|guard| shares_tokens(guard, claims, None)).collect()
}

fn pairs(guards: &[TokenStream]) -> impl Iterator<Item = (&TokenStream, &TokenStream)> {
    guards.iter().enumerate().flat_map(|(n, guard)| guards[..n].iter().map(move |other| (guard, other)))
}

/// The types of guards, for use outside of the signature.
fn usable<'t>(guards: impl Iterator<Item = &'t Type>) -> Vec<TokenStream> {
    // Rocket and the compiler report types that no guard can have.
    let guards = guards.filter(|ty| !is_inferred(ty) && !is_opaque(ty));
    guards.map(|ty| without_lifetimes(ty.to_token_stream())).collect()
}

/// Asserts that a guard of these forms is not in a wrapper that lets Rocket continue when the guard fails.
fn rejects_invalid_tokens(ty: &TokenStream, forms: &[&str]) -> TokenStream {
    let assert = at(ty.span(), quote!(#_private::assert_rejects_invalid_tokens));
    let wraps = constants(ty, "WRAPS_BY", forms);
    assertion(&assert, ty, None, &quote!(!(#(#wraps)||*)))
}

/// Asserts that a token can be valid both for a guard and for another guard or claims type. Reports nothing if one
/// of the two conflicts with the claims of the route, because that is already an error.
fn shares_tokens(ty: &TokenStream, other: &TokenStream, route: Option<&TokenStream>) -> TokenStream {
    let assert = at(ty.span(), quote!(#_private::assert_shares_tokens));
    let of = |ty| {
        let kinds = constants(ty, "KINDS_BY", &FORMS);
        quote!([#(#kinds),*])
    };
    let (kinds, others) = (of(ty), of(other));
    let may_meet = quote!(#_private::Kinds::may_meet);
    let reported =
        route.map(of).map(|route| quote!(|| !#may_meet(#route, #kinds) || !#may_meet(#route, #others)));
    assertion(&assert, ty, Some(other), &quote!(#may_meet(#others, #kinds) #reported))
}

fn assertion(
    assert: &TokenStream,
    ty: &TokenStream,
    other: Option<&TokenStream>,
    condition: &TokenStream,
) -> TokenStream {
    let other = other.map(|other| quote!(#other,));
    quote! {
        const _: () = {
            #[allow(unused_imports)]
            use #_private::OtherType as _;
            #assert::<#ty, #other #_private::Met<{ #condition }>>()
        };
    }
}

/// The constants that describe a type.
fn constants(ty: &TokenStream, what: &str, forms: &[&str]) -> Vec<TokenStream> {
    let constant = |form: &&str| {
        let name = quote::format_ident!("{what}_{form}");
        quote!(#_private::GuardType::<#ty>::#name)
    };
    forms.iter().map(constant).collect()
}

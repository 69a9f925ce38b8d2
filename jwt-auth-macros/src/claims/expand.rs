//! The impls for a claims struct. Parameters start with `__`, so that none has the name of a constant in the
//! user's scope: in a pattern, the name would refer to the constant.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, LitStr, WherePredicate, parse_quote};

use super::ast::Field;
use super::guards::{bounded, guards};
use super::valid::{Claims, Subject};
use super::version::Upgrade;
use super::views::views;
use crate::exports::*;

pub(crate) fn claims(claims: &Claims<'_>, subject: &Subject<'_>) -> TokenStream {
    let ident = &claims.input.ident;
    let mut bounds: Vec<WherePredicate> = vec![parse_quote! {
        Self: #_rocket::serde::Serialize + #_rocket::serde::DeserializeOwned
            + #_core::marker::Send + #_core::marker::Sync + 'static
    }];
    let (field, span, path) = match subject {
        Subject::Field(Field { member, ty, .. }, names) => {
            bounds.push(parse_quote!(#ty: #_Subject));
            let name = &names.serialize;
            let some = quote!(#_core::option::Option::Some(#name));
            let field = quote!(const SUBJECT_FIELD: #_core::option::Option<&'static str> = #some;);
            (Some(field), member.span(), quote!(#member))
        }
        Subject::Path(path) => (None, path.span(), quote!(#path)),
    };
    let read = at(span, quote!(#_private::subject));
    // Errors about this variable appear at the field.
    let subject = Ident::new("__subject", span);
    let subject = quote!(let #subject = &self.#path; #read(#subject));
    let generics = bounded(claims.input, bounds);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let (views, guards) = (views(claims), guards(claims.input));
    let version = claims.version.number.as_ref().map(|_| version(claims));
    let issuer = claims.issuer.map(|text| named(&quote!(ISSUER), text));
    let audience = claims.audience.map(|text| named(&quote!(AUDIENCE), text));
    quote! {
        #[automatically_derived]
        impl #impl_generics #_Claims for #ident #ty_generics #where_clause {
            #field
            #version
            #issuer
            #audience

            fn subject(&self) -> #_String {
                #subject
            }
        }

        #views
        #guards
    }
}

/// A constant of the trait that contains this text.
fn named(constant: &TokenStream, text: &LitStr) -> TokenStream {
    quote!(const #constant: #_core::option::Option<&'static str> = #_core::option::Option::Some(#text);)
}

/// The version of the struct, and the codec that upgrades earlier ones.
fn version(claims: &Claims<'_>) -> TokenStream {
    let number = claims.version.number.as_ref().map(|(_, number)| number);
    let upgrades = claims.version.upgrades.iter().flat_map(|(_, upgrades)| upgrades);
    let earlier = quote!(__earlier);
    let arms = upgrades.map(|Upgrade { from, by }| {
        let upgrade = at(by.span(), quote!(#_private::upgrade));
        quote_spanned!(by.span()=> #from => #upgrade(#earlier, #by),)
    });
    quote! {
        const VERSION: #_core::option::Option<#_core::primitive::u32> = #_core::option::Option::Some(#number);

        const CODEC: #_private::Codec<Self> =
            #_private::Codec::with_upgrades(|__version, __earlier| match __version {
                #(#arms)*
                _ => #_core::result::Result::Err(__earlier.unknown::<Self>(__version)),
            });
    }
}

//! What stands in for the impls of a struct with mistakes, so that its uses add no messages.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Data;

use super::expand::{guards, views};
use super::valid::Claims;
use crate::exports::*;

pub(crate) fn claims(claims: &Claims<'_>) -> TokenStream {
    let (ident, generics) = (&claims.input.ident, &claims.input.generics);
    // These cannot be claims at all: whatever stood here, the compiler would say so once more.
    if generics.lifetimes().next().is_some() || matches!(claims.input.data, Data::Union(_)) {
        return TokenStream::new();
    }
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let (views, guards) = (views(claims), guards(claims));
    quote! {
        #[automatically_derived]
        impl #impl_generics #_Claims for #ident #ty_generics #where_clause {
            fn subject(&self) -> #_String {
                #_core::unreachable!()
            }
        }

        #views
        #guards
    }
}

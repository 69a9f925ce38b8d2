//! What stands in for the impls of a struct or an enum with mistakes, so that its uses add no messages.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput};

use super::expand::guards;
use crate::exports::*;

/// `views` are the impls that need no right struct.
pub(crate) fn claims(input: &DeriveInput, views: &TokenStream) -> TokenStream {
    let (ident, generics) = (&input.ident, &input.generics);
    // These cannot be claims at all: whatever stood here, the compiler would say so once more.
    if generics.lifetimes().next().is_some()
        || matches!(input.data, Data::Union(_))
        || (matches!(input.data, Data::Enum(_)) && !generics.params.is_empty())
    {
        return TokenStream::new();
    }
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let guards = guards(input);
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

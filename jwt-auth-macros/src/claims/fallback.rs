//! The impls for a type with errors, so that its uses cause no further errors.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput};

use super::guards::guards;
use crate::exports::*;

/// Adds `views`, the impls that do not need a valid type.
pub(super) fn claims(input: &DeriveInput, views: &TokenStream) -> TokenStream {
    let (ident, generics) = (&input.ident, &input.generics);
    // These types can never be claims: any impl would cause another error.
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

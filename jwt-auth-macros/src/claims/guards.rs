//! A claims type as a request guard, by value and by reference.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Generics, WherePredicate, parse_quote};

use crate::exports::*;

pub(super) fn guards(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let (_, ty_generics, _) = input.generics.split_for_impl();
    let ty = quote!(#ident #ty_generics);
    let by_value = guard(input, &ty, &ty, &quote!(#_private::claims_by_value));
    let by_ref = guard(input, &ty, &quote!(&'__r #ty), &quote!(#_private::claims_by_ref));
    quote!(#by_value #by_ref)
}

fn guard(input: &DeriveInput, ty: &TokenStream, guard: &TokenStream, read: &TokenStream) -> TokenStream {
    let mut generics = bounded(input, [parse_quote!(#ty: #_Claims)]);
    generics.params.insert(0, parse_quote!('__r));
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #_rocket::request::FromRequest<'__r> for #guard #where_clause {
            type Error = #_AuthError;

            // Written as `async_trait` expands it. The macro itself would use the `Box` in the user's scope.
            fn from_request<'__life, '__guard>(
                __request: &'__r #_rocket::Request<'__life>,
            ) -> #_core::pin::Pin<#_Box<
                dyn #_core::future::Future<Output = #_rocket::request::Outcome<Self, #_AuthError>>
                    + #_core::marker::Send + '__guard,
            >>
            where
                '__r: '__guard,
                '__life: '__guard,
            {
                #read(__request)
            }
        }

        #[automatically_derived]
        #[allow(clippy::extra_unused_lifetimes)]
        impl #impl_generics #_rocket::Sentinel for #guard #where_clause {
            fn abort(__rocket: &#_rocket::Rocket<#_rocket::Ignite>) -> bool {
                #_private::abort_without_issuer::<Self, #ty>(__rocket)
            }
        }
    }
}

/// Returns the generics of the type. Adds the bounds if it has type parameters: without any, the bounds would be
/// trivial or errors.
pub(super) fn bounded(input: &DeriveInput, bounds: impl IntoIterator<Item = WherePredicate>) -> Generics {
    let mut generics = input.generics.clone();
    if generics.type_params().next().is_some() {
        generics.make_where_clause().predicates.extend(bounds);
    }
    generics
}

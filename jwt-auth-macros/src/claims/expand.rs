//! The impls of a claims struct. Their parameters have names that no constant in the user's scope has: it would
//! be taken for a pattern.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Generics, Ident, LitStr, WherePredicate, parse_quote};

use super::ast::{Field, Roles};
use super::valid::{Claims, Subject};
use super::version::Upgrade;
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
    // Shown at the field.
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

/// A constant that holds this text.
fn named(constant: &TokenStream, text: &LitStr) -> TokenStream {
    quote!(const #constant: #_core::option::Option<&'static str> = #_core::option::Option::Some(#text);)
}

/// Which version the struct is of, and how earlier ones are read.
fn version(claims: &Claims<'_>) -> TokenStream {
    let number = claims.version.number.as_ref().map(|(_, number)| number);
    let upgrades = claims.version.upgrades.iter().flat_map(|(_, upgrades)| upgrades);
    let earlier = quote!(__earlier);
    let arms = upgrades.map(|Upgrade { from, by }| {
        let with = at(by.span(), quote!(#_private::upgrade));
        quote_spanned!(by.span()=> #from => #with(#earlier, #by),)
    });
    quote! {
        const VERSION: #_core::option::Option<#_core::primitive::u32> = #_core::option::Option::Some(#number);

        fn upgrade(
            __version: #_core::primitive::u32,
            __earlier: #_private::Earlier<'_, '_>,
        ) -> #_core::result::Result<Self, #_private::NotReadable> {
            match __version {
                #(#arms)*
                _ => #_core::result::Result::Err(__earlier.unknown::<Self>(__version)),
            }
        }
    }
}

/// `HasRoles` and `HasScope`.
pub(crate) fn views(claims: &Claims<'_>) -> TokenStream {
    let roles = claims.roles.map(|field| roles(claims, field));
    let scope = claims.scope.map(|field| scope(claims, field));
    quote!(#roles #scope)
}

fn roles(claims: &Claims<'_>, Field { member, ty, .. }: &Field<'_>) -> TokenStream {
    let this = this(ty.span());
    let (role, roles) = match Roles::of(ty) {
        Roles::One(role) => (role, quote!(#_core::iter::once(&#this.#member))),
        Roles::Many(role) => {
            (role, quote_spanned!(ty.span()=> #_core::iter::IntoIterator::into_iter(&#this.#member)))
        }
        Roles::Slice(role) => (role, quote!(<[#role]>::iter(&#this.#member))),
    };
    let ident = &claims.input.ident;
    let generics = bounded(claims.input, [parse_quote!(Self: 'static)]);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #_HasRoles for #ident #ty_generics #where_clause {
            type Role = #role;

            fn roles(&self) -> impl #_core::iter::Iterator<Item = &Self::Role> {
                #roles
            }
        }
    }
}

fn scope(claims: &Claims<'_>, Field { member, ty, .. }: &Field<'_>) -> TokenStream {
    let ident = &claims.input.ident;
    let generics = bounded(claims.input, [parse_quote!(#ty: #_ScopeValue)]);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let trait_ = at(ty.span(), quote!(#_ScopeValue));
    let this = this(ty.span());
    let scopes = quote_spanned!(ty.span()=> <#ty as #trait_>::scopes(&#this.#member));
    quote! {
        #[automatically_derived]
        impl #impl_generics #_HasScope for #ident #ty_generics #where_clause {
            fn scopes(&self) -> impl #_core::iter::Iterator<Item = &str> {
                #scopes
            }
        }
    }
}

/// The `self` of generated methods, shown at this place. That of this place would be another one, if a macro made
/// the struct and the field was passed in.
fn this(place: Span) -> Ident {
    Ident::new("self", Span::call_site().located_at(place))
}

/// The type as a request guard, by value and by reference.
pub(crate) fn guards(input: &DeriveInput) -> TokenStream {
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

            // As `async_trait` would have it, but that names `Box` as it is in the user's scope.
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
                #_Box::pin(#read(__request))
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

/// The type's generics; if there are any, with bounds that make sense only then.
fn bounded(input: &DeriveInput, bounds: impl IntoIterator<Item = WherePredicate>) -> Generics {
    let mut generics = input.generics.clone();
    if generics.type_params().next().is_some() {
        generics.make_where_clause().predicates.extend(bounds);
    }
    generics
}

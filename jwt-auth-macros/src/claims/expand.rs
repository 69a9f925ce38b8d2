//! The impls for a claims struct. Parameters start with `__`, so that none has the name of a constant in the
//! user's scope: in a pattern, the name would refer to the constant.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, LitStr, WherePredicate, parse_quote};

use super::ast::{Field, Roles};
use super::guards::{bounded, guards};
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

/// The impls of `HasRoles` and `HasScope`.
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

/// The `self` of generated methods. Errors about it appear at this place, but it has the hygiene of the call site. With
/// the hygiene of the place, it would be another `self` if the struct comes from a macro and the field is passed in.
fn this(place: Span) -> Ident {
    Ident::new("self", Span::call_site().located_at(place))
}

//! The impls of `HasRoles` and `HasScope`, which policies read the claims through.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Ident, parse_quote};

use super::ast::{Field, RoleType};
use super::guards::bounded;
use super::path::{FieldPath, Step};
use super::valid::{Claims, Roles, View};
use crate::exports::*;

/// The impls that the claims have a place for.
pub(crate) fn views(claims: &Claims<'_>) -> TokenStream {
    let roles = claims.roles.as_ref().map(|roles| has_roles(claims, roles));
    let scope = claims.scope.as_ref().map(|place| has_scope(claims, place));
    quote!(#roles #scope)
}

fn has_roles(claims: &Claims<'_>, Roles { place, ty }: &Roles<'_>) -> TokenStream {
    let (role, roles) = match place {
        View::Field(field) => roles_in_field(field),
        View::Path(path) => {
            let role = ty.map_or_else(|| _String.to_token_stream(), ToTokens::to_token_stream);
            let nested = nested(path);
            let read = at(path.first.span(), quote!(#_private::nested_roles));
            (role.clone(), quote_spanned!(path.first.span()=> #read::<#role, _>(#nested)))
        }
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

/// The type of a role, and the roles in a field.
fn roles_in_field(Field { member, ty, .. }: &Field<'_>) -> (TokenStream, TokenStream) {
    let this = this(ty.span());
    let (role, roles) = match RoleType::of(ty) {
        RoleType::One(role) => (role, quote!(#_core::iter::once(&#this.#member))),
        RoleType::Many(role) => {
            (role, quote_spanned!(ty.span()=> #_core::iter::IntoIterator::into_iter(&#this.#member)))
        }
        RoleType::Slice(role) => (role, quote!(<[#role]>::iter(&#this.#member))),
    };
    (role.to_token_stream(), roles)
}

fn has_scope(claims: &Claims<'_>, place: &View<'_>) -> TokenStream {
    let (bound, scopes) = match place {
        View::Field(Field { member, ty, .. }) => {
            let trait_ = at(ty.span(), quote!(#_ScopeValue));
            let this = this(ty.span());
            let scopes = quote_spanned!(ty.span()=> <#ty as #trait_>::scopes(&#this.#member));
            (Some(parse_quote!(#ty: #_ScopeValue)), scopes)
        }
        View::Path(path) => {
            let nested = nested(path);
            let read = at(path.first.span(), quote!(#_private::nested_scopes));
            (None, quote!(#read(#nested)))
        }
    };
    let ident = &claims.input.ident;
    let generics = bounded(claims.input, bound);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #_HasScope for #ident #ty_generics #where_clause {
            fn scopes(&self) -> impl #_core::iter::Iterator<Item = &str> {
                #scopes
            }
        }
    }
}

/// An expression for the value at the end of a path, or `None` if an `Option` or a map on the way has no value.
fn nested(FieldPath { first, rest }: &FieldPath) -> TokenStream {
    let this = this(first.span());
    let value = |span| hygienic("__value", span);
    let start = value(first.span());
    let steps = rest.iter().map(|step| {
        let span = step.span();
        let value = value(span);
        let next = match step {
            Step::Field(member) => quote!(#_core::option::Option::Some(&#value.#member)),
            Step::Key(key) => {
                let get = at(span, quote!(#_private::NestedMap::get));
                let map = Ident::new("__map", span);
                quote_spanned! {span=> {
                    let #map = #value;
                    #get(#map, #key)
                }}
            }
        };
        let and_then = quote_spanned!(span=> #_core::option::Option::and_then);
        quote_spanned! {span=>
            let #value = #and_then(#value, |#value| #next);
            let #value = #and_then(#value, |#value| #_private::Nested(#value).__value());
        }
    });
    // Errors about this variable appear at the path.
    let found = Ident::new("__found", first.span());
    let body = quote! {
        #[allow(unused_imports)]
        use #_private::NestedValue as _;
        let #start = #_private::Nested(&#this.#first).__value();
        #(#steps)*
        let #found = #start;
        #found
    };
    quote_spanned!(first.span()=> { #body })
}

/// The `self` of generated methods. Errors about it appear at this place, but it has the hygiene of the call site. With
/// the hygiene of the place, it would be another `self` if the struct comes from a macro and the field is passed in.
fn this(place: Span) -> Ident {
    Ident::new("self", Span::call_site().located_at(place))
}

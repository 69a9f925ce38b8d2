//! The impls of an enum of claims.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use super::super::expand::guards;
use super::valid::Kinds;
use crate::exports::*;

pub(super) fn kinds(kinds: &Kinds<'_>) -> TokenStream {
    let ident = &kinds.input.ident;
    let guards = guards(kinds.input);
    let roles = kinds.roles.then(|| roles(kinds));
    let scope = kinds.scope.then(|| scope(kinds));
    let of = kinds.variants.iter().map(|(_, ty)| {
        let of = at(ty.span(), quote!(#_private::Kind::of_variant));
        quote_spanned!(ty.span()=> #of(<#ty as #_Claims>::KINDS))
    });
    let subject = kinds.variants.iter().map(
        |(name, ty)| quote_spanned!(ty.span()=> Self::#name(__claims) => <#ty as #_Claims>::subject(__claims),),
    );
    let body = kinds.variants.iter().map(
        |(name, ty)| quote_spanned!(ty.span()=> Self::#name(__claims) => <#ty as #_Claims>::body(__claims),),
    );
    let verify = kinds.variants.iter().enumerate().map(|(number, (name, ty))| {
        // The last is for whatever is left: there is no other number.
        let number = if number + 1 == kinds.variants.len() { quote!(_) } else { quote!(#number) };
        quote_spanned! {ty.span()=>
            #number => #_core::result::Result::map(
                <#ty as #_Claims>::verify(__token),
                |__verified| __verified.map(Self::#name),
            ),
        }
    });
    quote! {
        #[automatically_derived]
        impl #_Claims for #ident {
            const KINDS: &'static [#_private::Kind] = &[#(#of),*];

            fn subject(&self) -> #_String {
                match self {
                    #(#subject)*
                }
            }

            fn verify(
                __token: &#_private::Candidate<'_>,
            ) -> #_core::result::Result<#_private::Verified<Self>, #_AuthError> {
                match __token.kind(<Self as #_Claims>::KINDS)? {
                    #(#verify)*
                }
            }

            fn body(&self) -> #_core::result::Result<#_private::Body, #_AuthError> {
                match self {
                    #(#body)*
                }
            }
        }

        const _: () = #_private::assert_kinds_differ(<#ident as #_Claims>::KINDS);

        #roles
        #scope
        #guards
    }
}

fn roles(kinds: &Kinds<'_>) -> TokenStream {
    let ident = &kinds.input.ident;
    let has_roles = |ty: &Type| at(ty.span(), quote!(#_HasRoles));
    let role = kinds.variants.first().map(|(_, ty)| {
        let has_roles = has_roles(ty);
        quote_spanned!(ty.span()=> <#ty as #has_roles>::Role)
    });
    let (of_each, all) = of_each(kinds, |ty| {
        let has_roles = has_roles(ty);
        quote_spanned!(ty.span()=> <#ty as #has_roles>::roles)
    });
    // Where the type of a role is missing, one place says so.
    let span = kinds.variants.first().map_or_else(|| ident.span(), |(_, ty)| ty.span());
    let iterator = at(span, quote!(#_core::iter::Iterator));
    let roles = quote_spanned! {span=>
        fn roles(&self) -> impl #iterator<Item = &#role> {
            #of_each
            #all
        }
    };
    quote! {
        #[automatically_derived]
        impl #_HasRoles for #ident {
            type Role = #role;

            #roles
        }
    }
}

fn scope(kinds: &Kinds<'_>) -> TokenStream {
    let ident = &kinds.input.ident;
    let (of_each, all) = of_each(kinds, |ty| {
        let has_scope = at(ty.span(), quote!(#_HasScope));
        quote_spanned!(ty.span()=> <#ty as #has_scope>::scopes)
    });
    quote! {
        #[automatically_derived]
        impl #_HasScope for #ident {
            fn scopes(&self) -> impl #_core::iter::Iterator<Item = &str> {
                #of_each
                #all
            }
        }
    }
}

/// What each variant holds of something, of which all but one hold nothing, and the whole.
fn of_each(kinds: &Kinds<'_>, read: impl Fn(&Type) -> TokenStream) -> (TokenStream, TokenStream) {
    let mut of_each = TokenStream::new();
    let mut all: Option<TokenStream> = None;
    for (number, (name, ty)) in kinds.variants.iter().enumerate() {
        let (held, read): (Ident, _) = (format_ident!("__held_{number}"), read(ty));
        of_each.extend(quote_spanned! {ty.span()=>
            let #held = match self {
                Self::#name(__claims) => #_core::option::Option::Some(#read(__claims)),
                _ => #_core::option::Option::None,
            };
        });
        let flatten = at(ty.span(), quote!(#_core::iter::Iterator::flatten));
        let chain = at(ty.span(), quote!(#_core::iter::Iterator::chain));
        let held = quote_spanned!(ty.span()=> #flatten(#_core::iter::IntoIterator::into_iter(#held)));
        all = Some(match all {
            None => held,
            Some(all) => quote_spanned!(ty.span()=> #chain(#all, #held)),
        });
    }
    (of_each, all.unwrap_or_default())
}

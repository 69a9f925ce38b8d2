//! The impls for an enum of claims.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use super::valid::ClaimsEnum;
use crate::claims::guards::guards;
use crate::exports::*;

pub(super) fn claims(claims: &ClaimsEnum<'_>) -> TokenStream {
    let ident = &claims.input.ident;
    let codec = codec(claims);
    let subject = claims.variants.iter().map(
        |(name, ty)| quote_spanned!(ty.span()=> Self::#name(__claims) => <#ty as #_Claims>::subject(__claims),),
    );
    let roles = claims.roles.then(|| roles(claims));
    let scope = claims.scope.then(|| scope(claims));
    let guards = guards(claims.input);
    quote! {
        #[automatically_derived]
        impl #_Claims for #ident {
            #codec

            fn subject(&self) -> #_String {
                match self {
                    #(#subject)*
                }
            }
        }

        const _: () = #_private::assert_profiles_differ(&<#ident as #_Claims>::CODEC);

        #roles
        #scope
        #guards
    }
}

/// The constant that selects the variant by its profile, and reads and writes the struct inside.
fn codec(claims: &ClaimsEnum<'_>) -> TokenStream {
    let profiles = claims.variants.iter().map(|(_, ty)| {
        let of_variant = at(ty.span(), quote!(#_private::Profile::of_variant));
        quote_spanned!(ty.span()=> #of_variant(&<#ty as #_Claims>::CODEC))
    });
    let read = claims.variants.iter().enumerate().map(|(number, (name, ty))| {
        // The last arm matches all other numbers, which do not occur.
        let number = if number + 1 == claims.variants.len() { quote!(_) } else { quote!(#number) };
        quote_spanned! {ty.span()=>
            #number => #_core::result::Result::map(
                __payload.read(&<#ty as #_Claims>::CODEC),
                |__decoded| __decoded.map(Self::#name),
            ),
        }
    });
    let write = claims.variants.iter().map(|(name, ty)| {
        let body = at(ty.span(), quote!(#_private::Body::of));
        quote_spanned!(ty.span()=> Self::#name(__claims) => #body(__claims),)
    });
    quote! {
        const CODEC: #_private::Codec<Self> = {
            const PROFILES: &'static [#_private::Profile] = &[#(#profiles),*];
            #_private::Codec::of_enum(
                PROFILES,
                |__payload, __variant| match __variant {
                    #(#read)*
                },
                |__claims| match __claims {
                    #(#write)*
                },
            )
        };
    }
}

fn roles(claims: &ClaimsEnum<'_>) -> TokenStream {
    let ident = &claims.input.ident;
    let has_roles = |ty: &Type| at(ty.span(), quote!(#_HasRoles));
    let role = claims.variants.first().map(|(_, ty)| {
        let has_roles = has_roles(ty);
        quote_spanned!(ty.span()=> <#ty as #has_roles>::Role)
    });
    let (of_each, all) = of_each(claims, |ty| {
        let has_roles = has_roles(ty);
        quote_spanned!(ty.span()=> <#ty as #has_roles>::roles)
    });
    // With the span of the first variant, missing roles are reported once.
    let span = claims.variants.first().map_or_else(|| ident.span(), |(_, ty)| ty.span());
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

fn scope(claims: &ClaimsEnum<'_>) -> TokenStream {
    let ident = &claims.input.ident;
    let (of_each, all) = of_each(claims, |ty| {
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

/// Returns statements that call `read` on the value's variant, and an expression that chains the results of all
/// variants. At most one of them is not empty.
fn of_each(claims: &ClaimsEnum<'_>, read: impl Fn(&Type) -> TokenStream) -> (TokenStream, TokenStream) {
    let mut of_each = TokenStream::new();
    let mut all: Option<TokenStream> = None;
    for (number, (name, ty)) in claims.variants.iter().enumerate() {
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

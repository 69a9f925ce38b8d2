//! The struct of a named policy. With parameters, it becomes generic over the places where a route has them.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::spanned::Spanned;
use syn::{ItemStruct, Type};

use super::guards;
use super::policy::{content, policy, rejecting};
use crate::exports::*;
use crate::pretty::text;
use crate::require_auth::lifetimes::with_lifetime;
use crate::require_auth::valid::{Policy, PolicyParameter, parameters};

/// The struct and its policy.
pub(crate) fn named_policy(declared_policy: &Policy<'_>, declared: &ItemStruct) -> TokenStream {
    let (name, parameters) = (&declared.ident, parameters(declared));
    if parameters.is_empty() {
        let policy = policy(declared_policy, name);
        return quote!(#declared #policy);
    }
    let claims = declared_policy.claims_type();
    let guards = guards::of_conditions(&declared_policy.requirement, &quote!(#claims));
    let (declaration, content) = (generic(declared, &parameters), content(declared_policy));
    let without_parameters = rejecting(claims);
    let sources = sources(parameters.len());
    let bounds = parameters.iter().zip(&sources).map(|(PolicyParameter { ty, .. }, source)| {
        let ty_of_request = with_lifetime(quote!(#ty), "__r");
        quote!(#source: for<'__r> #_private::Parameter<'__r, #ty_of_request>)
    });
    let assertions = parameters.iter().map(|parameter| assert_is_parsed(parameter.ty));
    quote! {
        #declaration

        #guards

        #(#assertions)*

        impl<#(#sources),*> #_Policy for #name<(#(#sources,)*)>
        where
            #(#bounds),*
        {
            #content
        }

        impl #_Policy for #name
        where
            for<'__r> #_private::NotGiven: #_private::ArgumentsOf<'__r, #name>,
        {
            #without_parameters
        }
    }
}

/// The struct with a policy that rejects every caller, so that the uses of the policy cause no further errors.
pub(crate) fn named_policy_with_errors(claims: Option<&Type>, declared: &ItemStruct) -> TokenStream {
    if !declared.generics.params.is_empty() {
        return quote!(#declared);
    }
    let (name, parameters) = (&declared.ident, parameters(declared));
    let declaration = match parameters.is_empty() {
        true => quote!(#declared),
        false => generic(declared, &parameters),
    };
    let rejecting = rejecting(claims);
    let arguments = (!parameters.is_empty()).then(|| {
        let sources = sources(parameters.len());
        quote! {
            impl<#(#sources),*> #_Policy for #name<(#(#sources,)*)>
            where
                #(#sources: 'static),*
            {
                #rejecting
            }
        }
    });
    quote! {
        #declaration

        impl #_Policy for #name {
            #rejecting
        }

        #arguments
    }
}

/// The struct without its fields, and the arguments that it takes.
fn generic(declared: &ItemStruct, parameters: &[PolicyParameter<'_>]) -> TokenStream {
    let ItemStruct { attrs, vis, ident, .. } = declared;
    let (count, docs) = (parameters.len(), docs(declared, parameters));
    let sources = sources(count);
    quote! {
        #(#attrs)*
        #docs
        #vis struct #ident<__Arguments = #_private::NotGiven>(#_core::marker::PhantomData<fn() -> __Arguments>);

        impl<#(#sources),*> #_private::TakesParameters<#count, (#(#sources,)*)> for #ident {
            type Policy = #ident<(#(#sources,)*)>;
        }
    }
}

/// The docs of the fields, for a struct with docs.
fn docs(declared: &ItemStruct, parameters: &[PolicyParameter<'_>]) -> Option<TokenStream> {
    declared.attrs.iter().any(|attr| attr.path().is_ident("doc")).then(|| {
        let parameters = parameters.iter().map(|parameter| {
            let (item, docs) = (format!("- `{}: {}`", parameter.name(), text(parameter.ty)), parameter.docs);
            quote!(#[doc = #item] #(#docs)*)
        });
        quote!(#[doc = ""] #[doc = "# Parameters"] #[doc = ""] #(#parameters)*)
    })
}

/// Asserts that the type of a parameter can be parsed from a URI.
fn assert_is_parsed(ty: &Type) -> TokenStream {
    let assert = at(ty.span(), quote!(#_private::assert_parameter_type));
    let ty = with_lifetime(quote!(#ty), "static");
    let uri_type = quote!(#_private::UriType::<#ty>);
    quote! {
        const _: () = {
            #[allow(unused_imports)]
            use #_private::NowhereInUri as _;
            #assert::<
                #ty,
                #_private::Parsed<{ #uri_type::IN_PATH || #uri_type::IN_REST_OF_PATH || #uri_type::IN_QUERY }>,
            >()
        };
    }
}

/// The type parameter for the place of the `n`th parameter.
pub(super) fn source_parameter(n: usize) -> Ident {
    format_ident!("__P{n}")
}

fn sources(count: usize) -> Vec<Ident> {
    (0..count).map(source_parameter).collect()
}

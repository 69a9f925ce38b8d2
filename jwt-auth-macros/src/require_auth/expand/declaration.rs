//! The struct of a named policy. With parameters, it becomes generic over the places where a route has them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{ItemStruct, Type};

use super::condition::read_uri;
use super::guards;
use super::policy::{content, policy, rejecting};
use crate::exports::*;
use crate::require_auth::lifetimes::with_lifetime;
use crate::require_auth::route::{Argument, UriPart};
use crate::require_auth::valid::{Policy, PolicyParameter, PolicyUse, Requirement, parameters};

/// The struct and its policy.
pub(crate) fn named_policy(declared_policy: &Policy<'_>, declared: &ItemStruct) -> TokenStream {
    let (name, parameters) = (&declared.ident, parameters(declared));
    if parameters.is_empty() {
        let policy = policy(declared_policy, name);
        return quote!(#declared #policy);
    }
    let claims = declared_policy.claims_type();
    let guards = guards::of_conditions(&declared_policy.requirement, &quote!(#claims));
    let (declaration, content) = (generic(declared, parameters.len()), content(declared_policy));
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
    let declaration = match parameters.len() {
        0 => quote!(#declared),
        count => generic(declared, count),
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
fn generic(ItemStruct { attrs, vis, ident, .. }: &ItemStruct, count: usize) -> TokenStream {
    let sources = sources(count);
    quote! {
        #(#attrs)*
        #vis struct #ident<__Arguments = #_private::NotGiven>(#_core::marker::PhantomData<fn() -> __Arguments>);

        impl<#(#sources),*> #_private::TakesParameters<#count, (#(#sources,)*)> for #ident {
            type Policy = #ident<(#(#sources,)*)>;
        }
    }
}

/// The type of a named policy with its arguments.
pub(super) fn policy_type(PolicyUse { policy, arguments }: &PolicyUse<'_>) -> TokenStream {
    let ty = &policy.ty;
    let Some(arguments) = arguments else { return quote!(#ty) };
    let sources = arguments.iter().map(|(name, argument)| match argument {
        Argument::Own(n, _) => {
            let source = source_parameter(*n);
            quote!(#source)
        }
        Argument::Uri(_, UriPart::Segment(n), _) => quote!(#_private::AtSegment<#n>),
        Argument::Uri(_, UriPart::Segments(n), _) => quote!(#_private::FromSegment<#n>),
        Argument::Uri(..) | Argument::Guard(_) => {
            let field = query_field(name);
            quote!(#field)
        }
    });
    let count = arguments.len();
    let span = ty.span();
    let takes_parameters = at(span, quote!(#_private::TakesParameters));
    quote_spanned!(span=> <#ty as #takes_parameters<#count, (#(#sources,)*)>>::Policy)
}

/// A type for each parameter of the query that a named policy takes.
pub(super) fn query_fields(requirement: &Requirement<'_>) -> TokenStream {
    let mut known = Vec::new();
    let policies = requirement.policies();
    let arguments = policies.iter().flat_map(|used| used.arguments.iter().flatten());
    let fields = arguments.filter_map(|(name, argument)| {
        let Argument::Uri(route, part @ (UriPart::Query | UriPart::QueryRest), _) = argument else {
            return None;
        };
        if known.contains(&name) {
            return None;
        }
        known.push(name);
        let (field, request) = (query_field(name), hygienic("__request", Span::call_site()));
        let read = read_uri(route, *part, &quote!(__T), name, &request);
        Some(quote! {
            #[allow(non_camel_case_types)]
            enum #field {}

            impl<'__r, __T: #_private::InQuery<'__r>> #_private::Parameter<'__r, __T> for #field {
                fn read(
                    #request: &'__r #_rocket::Request<'_>,
                ) -> #_core::result::Result<__T, #_private::CheckFailure> {
                    #_core::result::Result::Ok(#read)
                }
            }
        })
    });
    fields.collect()
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

fn query_field(name: &str) -> Ident {
    format_ident!("__query_{name}")
}

//! The arguments of named policies: types that say where a route has the parameters.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::condition::read_uri;
use super::declaration::source_parameter;
use crate::exports::*;
use crate::require_auth::lifetimes::with_lifetime;
use crate::require_auth::route::{Argument, UriPart};
use crate::require_auth::valid::{PolicyUse, Requirement};

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

/// A type for each parameter of the query that a named policy takes. A policy must read such a parameter as the type that it
/// has in the handler: of `?id=7&id=8`, a `u64` is the first value, but a `Vec<u64>` has both.
pub(super) fn query_fields(requirement: &Requirement<'_>) -> TokenStream {
    let mut known = Vec::new();
    let policies = requirement.policies();
    let arguments = policies.iter().flat_map(|used| used.arguments.iter().flatten());
    let fields = arguments.filter_map(|(name, argument)| {
        let Argument::Uri(route, part @ (UriPart::Query | UriPart::QueryRest), ty) = argument else {
            return None;
        };
        if known.contains(&name) {
            return None;
        }
        known.push(name);
        let (field, request) = (query_field(name), hygienic("__request", Span::call_site()));
        let ty = with_lifetime(ty.clone(), "__r");
        let read = read_uri(route, *part, &ty, name, &request);
        Some(quote! {
            #[allow(non_camel_case_types)]
            enum #field {}

            impl<'__r> #_private::Parameter<'__r, #ty> for #field {
                fn read(
                    #request: &'__r #_rocket::Request<'_>,
                ) -> #_core::result::Result<#ty, #_private::CheckFailure> {
                    #read
                }
            }
        })
    });
    fields.collect()
}

fn query_field(name: &str) -> Ident {
    format_ident!("__query_{name}")
}

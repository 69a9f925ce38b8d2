//! A condition, as the policy's guard evaluates it.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ExprPath;
use syn::spanned::Spanned;

use super::declaration::source_parameter;
use crate::exports::*;
use crate::require_auth::check::{Closure, Parameter};
use crate::require_auth::route::{Argument, Route, UriPart};
use crate::require_auth::valid::Condition;

/// The function that evaluates the condition.
pub(super) fn ask(condition: &Condition<'_>) -> TokenStream {
    match condition {
        Condition::Closure(closure, arguments) => ask_closure(closure, arguments),
        Condition::Function(path) => ask_function(path),
    }
}

/// The function that decides whether a guard in the condition stops the launch.
pub(super) fn abort(condition: &Condition<'_>) -> TokenStream {
    match condition {
        Condition::Closure(_, arguments) => abort_closure(arguments),
        Condition::Function(path) => abort_function(path),
    }
}

/// Reads the arguments, and calls the closure with them.
fn ask_closure(closure: &Closure, arguments: &[(&Parameter, Argument<'_>)]) -> TokenStream {
    let Closure { claims: (claims_pat, claims_ty), output, body, is_async, .. } = closure;
    let span = body.span();
    let (claims, request) = (hygienic("__claims", span), hygienic("__request", span));
    let names: Vec<_> = arguments
        .iter()
        .map(|(parameter, _)| hygienic(&format!("__parameter_{}", parameter.name()), parameter.ident.span()))
        .collect();
    let typed_claims = claims_ty.as_ref().map(|ty| quote!(let #claims: #ty = #claims;));
    let lets = arguments.iter().zip(&names).map(|((parameter, argument), name)| {
        let value = read(argument, &parameter.name(), &request);
        // Checks a type that the closure declares against the type of the argument.
        let typed = parameter.ty.as_ref().map(|ty| quote_spanned!(name.span()=> let #name: #ty = #name;));
        quote!(let #name = #value; #typed)
    });
    let pats = arguments.iter().map(|(parameter, _)| &parameter.pat);
    let asynchronous = is_async.then(|| quote_spanned!(span=> async move));
    let [verdict, apply, pin] =
        [quote!(#_private::verdict), quote!(#_private::apply), quote!(#_Box::pin)].map(|path| at(span, path));
    let condition = quote_spanned!(span=> #asynchronous |(#claims_pat, #(#pats,)*)| #output #body);
    let verdict = quote_spanned!(span=> #verdict(#apply((#claims, #(#names,)*), #condition)).await);
    quote! {
        |#claims, #request| #pin(async move {
            #typed_claims
            #(#lets)*
            #verdict
        })
    }
}

fn read(argument: &Argument<'_>, name: &str, request: &impl ToTokens) -> TokenStream {
    match argument {
        Argument::Uri(route, part, ty) => {
            let value = read_uri(route, *part, ty, name, request);
            quote!(#value?)
        }
        Argument::Own(n, ty) => {
            let source = source_parameter(*n);
            let parameter = at(ty.span(), quote!(#_private::Parameter));
            quote!(<#source as #parameter<'_, #ty>>::read(#request)?)
        }
        Argument::Guard(ty) => {
            let guard = at(ty.span(), quote!(#_private::guard));
            quote!(#guard::<#ty>(#request).await?)
        }
    }
}

/// Parses a part of the URI, which may fail.
pub(super) fn read_uri(
    route: &Route,
    part: UriPart,
    ty: &TokenStream,
    name: &str,
    request: &impl ToTokens,
) -> TokenStream {
    let fixed = route.fixed.iter().map(|(name, value)| quote!((#name, #value)));
    match part {
        UriPart::Segment(n) => quote!(#_private::segment::<#ty>(#request, #n)),
        UriPart::Segments(n) => quote!(#_private::segments::<#ty>(#request, #n)),
        UriPart::Query => quote!(#_private::query::<#ty>(#request, #name, &[#(#fixed),*])),
        UriPart::QueryRest => {
            let names = route.query_names();
            quote!(#_private::query_rest::<#ty>(#request, &[#(#names),*], &[#(#fixed),*]))
        }
    }
}

fn ask_function(path: &ExprPath) -> TokenStream {
    let span = path.span();
    let (claims, request) = (hygienic("__claims", span), hygienic("__request", span));
    let ask = at(span, quote!(#_private::ask_function));
    quote!(|#claims, #request| #ask(#claims, #request, #path))
}

fn abort_closure(arguments: &[(&Parameter, Argument<'_>)]) -> TokenStream {
    let guards: Vec<_> = arguments
        .iter()
        .filter_map(|(_, argument)| match argument {
            Argument::Guard(ty) => Some(ty),
            Argument::Uri(..) | Argument::Own(..) => None,
        })
        .collect();
    if guards.is_empty() {
        return quote!(|_| false);
    }
    let rocket = hygienic("__rocket", Span::call_site());
    let aborts = guards.iter().map(|ty| quote!(#_private::Sentry::<#ty>::abort(#rocket)));
    quote! {
        |#rocket| {
            #[allow(unused_imports)]
            use #_private::NoSentinel as _;
            #(#aborts)||*
        }
    }
}

fn abort_function(path: &ExprPath) -> TokenStream {
    let rocket = hygienic("__rocket", Span::call_site());
    quote!(|#rocket| #_private::abort_function(#path, #rocket))
}

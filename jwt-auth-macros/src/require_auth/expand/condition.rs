//! A condition, as the guard asks it.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ExprPath;
use syn::spanned::Spanned;

use super::ours;
use crate::exports::*;
use crate::require_auth::check::{Check, Closure, Parameter};
use crate::require_auth::parameters::Taken;
use crate::require_auth::route::{Route, Source};

pub(super) fn requirement(check: &Check, route: &Route) -> TokenStream {
    let source = check.short_text();
    let (ask, abort) = match check {
        Check::Closure(closure) => (ask(closure, route), abort(closure)),
        Check::Function(path) => (ask_function(path), abort_function(path)),
    };
    quote!(#_Requirement::check(#source, #ask, #abort))
}

/// Reads what the closure takes, and calls it.
fn ask(closure: &Closure, route: &Route) -> TokenStream {
    let Closure { claims: (claims_pat, claims_ty), parameters, output, body, is_async, .. } = closure;
    let span = body.span();
    let (claims, request) = (ours("__claims", span), ours("__request", span));
    let names: Vec<_> = parameters
        .iter()
        .map(|parameter| ours(&format!("__parameter_{}", parameter.name()), parameter.ident.span()))
        .collect();
    let typed_claims = claims_ty.as_ref().map(|ty| quote!(let #claims: #ty = #claims;));
    let lets = parameters.iter().zip(&names).filter_map(|(parameter, name)| {
        let value = read(parameter.taken.as_ref()?, &parameter.name(), route, &request);
        // A type that the condition gives is checked against the one that the handler has.
        let typed = parameter.ty.as_ref().map(|ty| quote_spanned!(name.span()=> let #name: #ty = #name;));
        Some(quote!(let #name = #value; #typed))
    });
    let pats = parameters.iter().map(|parameter| &parameter.pat);
    let asynchronous = is_async.then(|| quote_spanned!(span=> async move));
    let [answer, apply, pin] =
        [quote!(#_private::answer), quote!(#_private::apply), quote!(#_Box::pin)].map(|path| at(span, path));
    let condition = quote_spanned!(span=> #asynchronous |(#claims_pat, #(#pats,)*)| #output #body);
    let answer = quote_spanned!(span=> #answer(#apply((#claims, #(#names,)*), #condition)).await);
    quote! {
        |#claims, #request| #pin(async move {
            #typed_claims
            #(#lets)*
            #answer
        })
    }
}

fn read(taken: &Taken, name: &str, route: &Route, request: &impl ToTokens) -> TokenStream {
    let fixed = || {
        let pairs = route.fixed.iter().map(|(name, value)| quote!((#name, #value)));
        quote!(&[#(#pairs),*])
    };
    match taken {
        Taken::Route(Source::Segment(n), ty) => quote!(#_private::segment::<#ty>(#request, #n)?),
        Taken::Route(Source::Segments(n), ty) => quote!(#_private::segments::<#ty>(#request, #n)?),
        Taken::Route(Source::Query, ty) => {
            let fixed = fixed();
            quote!(#_private::query::<#ty>(#request, #name, #fixed)?)
        }
        Taken::Route(Source::QueryRest, ty) => {
            let (names, fixed) = (route.query_names(), fixed());
            quote!(#_private::query_rest::<#ty>(#request, &[#(#names),*], #fixed)?)
        }
        Taken::Guard(ty) => {
            let guard = at(ty.span(), quote!(#_private::guard));
            quote!(#guard::<#ty>(#request).await?)
        }
    }
}

/// Whether a guard that the closure takes stops the launch.
fn abort(closure: &Closure) -> TokenStream {
    let guards: Vec<_> = closure
        .parameters
        .iter()
        .filter_map(|Parameter { taken, .. }| match taken {
            Some(Taken::Guard(ty)) => Some(ty),
            _ => None,
        })
        .collect();
    if guards.is_empty() {
        return quote!(|_| false);
    }
    let rocket = ours("__rocket", Span::call_site());
    let aborts = guards.iter().map(|ty| quote!(#_private::Sentry::<#ty>::abort(#rocket)));
    quote! {
        |#rocket| {
            #[allow(unused_imports)]
            use #_private::NoSentinel as _;
            #(#aborts)||*
        }
    }
}

fn ask_function(path: &ExprPath) -> TokenStream {
    let span = path.span();
    let (claims, request) = (ours("__claims", span), ours("__request", span));
    let ask = at(span, quote!(#_private::ask_function));
    quote!(|#claims, #request| #ask(#claims, #request, #path))
}

fn abort_function(path: &ExprPath) -> TokenStream {
    let rocket = ours("__rocket", Span::call_site());
    quote!(|#rocket| #_private::abort_function(#path, #rocket))
}

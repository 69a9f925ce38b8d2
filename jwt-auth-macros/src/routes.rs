//! `routes![]`.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::{Attribute, Error, Path, token};

use crate::diag::Diag;
use crate::exports::*;
use crate::meta;

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut diag = Diag::default();
    let mut handlers: Vec<(Vec<Attribute>, Path)> = Vec::new();
    meta::comma_separated(input, &mut diag, |input, diag| {
        let (cfg, others): (Vec<_>, Vec<_>) =
            input.call(Attribute::parse_outer)?.into_iter().partition(|attr| attr.path().is_ident("cfg"));
        for attr in others {
            diag.error(attr, "`routes![]` accepts no attribute except `#[cfg(…)]`: remove this one");
        }
        let start = input.fork();
        let handler = input.call(Path::parse_mod_style).map_err(|_| not_a_handler(start.parse()))?;
        handlers.push((cfg, handler));
        if input.peek(token::Paren) {
            let call: TokenTree = input.parse()?;
            return Err(Error::new_spanned(
                call,
                "`routes![]` takes handlers by name, without calling them: remove the parentheses",
            ));
        }
        Ok(())
    });
    let routes = handlers.iter().map(|(cfg, handler)| {
        let end = handler.segments.last().map_or_else(Span::call_site, |segment| segment.ident.span());
        let handler = quote_spanned!(end=> #handler {});
        let with_policy = at(end, quote!(#_private::with_policy));
        let route = quote_spanned!(end=> #with_policy(&#handler, #handler.into_route()));
        quote!(#(#cfg)* #route)
    });
    let errors = diag.finish().err();
    quote!({
        #errors
        <#_Vec<#_rocket::Route> as #_core::convert::From<_>>::from([#(#routes),*])
    })
}

fn not_a_handler(found: syn::Result<TokenTree>) -> Error {
    let message = "expected the name of a route handler, as in `routes![login, users::profile]`";
    match found {
        Ok(token) => Error::new_spanned(token, message),
        Err(error) => Error::new(error.span(), message),
    }
}

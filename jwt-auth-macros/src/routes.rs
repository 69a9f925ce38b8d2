//! `routes![]`.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::{Error, Ident, Path, token};

use crate::diag::Diag;
use crate::exports::*;
use crate::meta;

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut diag = Diag::default();
    let mut handlers: Vec<Path> = Vec::new();
    meta::comma_separated(input, &mut diag, |input, _| {
        let start = input.fork();
        handlers.push(input.call(Path::parse_mod_style).map_err(|_| not_a_handler(start.parse()))?);
        if input.peek(token::Paren) {
            let call: TokenTree = input.parse()?;
            return Err(Error::new_spanned(
                call,
                "`routes![]` takes the name of a handler, not a call: remove this",
            ));
        }
        Ok(())
    });
    let routes = handlers.iter().map(|handler| {
        let route = Ident::new("__handler", Span::mixed_site());
        let end = handler.segments.last().map_or_else(Span::call_site, |segment| segment.ident.span());
        let handler = quote_spanned!(end=> #handler {});
        let with_policy = at(end, quote!(#_private::with_policy));
        quote_spanned!(end=> #with_policy(#handler, |#route| #route.into_route()))
    });
    let errors = diag.finish().err();
    quote!({
        #errors
        let __routes: #_Vec<#_rocket::Route> = ::std::vec![#(#routes),*];
        __routes
    })
}

fn not_a_handler(found: syn::Result<TokenTree>) -> Error {
    let message = "`routes![]` takes route handlers by name: write it as in `routes![login, users::profile]`";
    match found {
        Ok(token) => Error::new_spanned(token, message),
        Err(error) => Error::new(error.span(), message),
    }
}

//! `routes![]`.

use proc_macro2::{TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Error, Path};

use crate::diag::Diag;
use crate::exports::*;
use crate::meta;

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut diag = Diag::default();
    let mut handlers: Vec<Path> = Vec::new();
    meta::comma_separated(input, &mut diag, |input, _| {
        let start = input.fork();
        handlers.push(input.call(Path::parse_mod_style).map_err(|_| not_a_handler(start.parse()))?);
        Ok(())
    });
    let routes = handlers.iter().map(|handler| {
        quote_spanned!(handler.span()=> #_private::with_policy::<#handler>(#handler {}.into_route()))
    });
    let errors = diag.finish().err();
    quote!({
        #errors
        let routes: #_Vec<#_rocket::Route> = ::std::vec![#(#routes),*];
        routes
    })
}

fn not_a_handler(found: syn::Result<TokenTree>) -> Error {
    let message = "`routes![]` takes route handlers by name: write it as in `routes![login, users::profile]`";
    match found {
        Ok(token) => Error::new_spanned(token, message),
        Err(error) => Error::new(error.span(), message),
    }
}

//! `#[require_auth]`, `#[policy]` and `#[public]`: who may call a route.

mod ast;
mod attr;
mod check;
mod clause;
mod expand;
mod named;
mod operation;
mod parameters;
mod route;
mod source;
mod valid;
mod words;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::Diag;
use ast::{Attr, Handler};
use attr::Args;
pub(crate) use named::policy;

pub(crate) fn require_auth(args: TokenStream, item: TokenStream) -> TokenStream {
    on_handler(Attr::RequireAuth, item, |handler, diag| {
        let mut args = Args::parse(args, diag);
        let policy = valid::policy(&mut args, handler, diag);
        expand::require_auth(&policy, handler)
    })
}

pub(crate) fn public(args: TokenStream, item: TokenStream) -> TokenStream {
    on_handler(Attr::Public, item, |handler, diag| {
        valid::public(&args, handler, diag);
        expand::public(handler)
    })
}

/// Expands to what `decide` makes of the handler or, if there are mistakes, to the handler itself.
fn on_handler(
    attr: Attr,
    item: TokenStream,
    decide: impl FnOnce(&Handler, &mut Diag) -> TokenStream,
) -> TokenStream {
    let mut handler = match Handler::parse(attr, item.clone()) {
        Ok(handler) => handler,
        Err(error) => {
            let error = error.into_compile_error();
            return quote!(#error #item);
        }
    };
    let mut diag = Diag::default();
    valid::place(attr, &mut handler, &mut diag);
    let expansion = decide(&handler, &mut diag);
    match diag.finish() {
        Ok(()) => expansion,
        Err(errors) => {
            let fallback = expand::fallback(&handler);
            quote!(#errors #fallback)
        }
    }
}

//! `#[require_auth]`, `#[policy]` and `#[public]`: the access rules of routes.

mod ast;
mod attr;
mod check;
mod clause;
mod expand;
mod lifetimes;
mod named;
mod policy;
mod route;
mod valid;
mod words;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::Diag;
use ast::{Attr, Handler};
use attr::Args;
pub(crate) use policy::policy;
use valid::Placed;

pub(crate) fn require_auth(args: TokenStream, item: TokenStream) -> TokenStream {
    on_handler(Attr::RequireAuth, item, |placed, mut diag| {
        let args = Args::parse(args, &mut diag);
        let policy = valid::policy(&args, placed.handler, &mut diag);
        diag.finish()?;
        Ok(expand::require_auth(&policy, placed))
    })
}

pub(crate) fn public(args: TokenStream, item: TokenStream) -> TokenStream {
    on_handler(Attr::Public, item, |placed, mut diag| {
        valid::public(&args, placed.handler, &mut diag);
        diag.finish()?;
        Ok(expand::public(placed))
    })
}

/// Expands the handler with `expand`. If there are errors, returns them with the handler.
fn on_handler(
    attr: Attr,
    item: TokenStream,
    expand: impl FnOnce(&Placed<'_>, Diag) -> Result<TokenStream, TokenStream>,
) -> TokenStream {
    let handler = match Handler::parse(attr, item.clone()) {
        Ok(handler) => handler,
        Err(error) => {
            let error = error.into_compile_error();
            return quote!(#error #item);
        }
    };
    let mut diag = Diag::default();
    let placed = valid::place(attr, &handler, &mut diag);
    expand(&placed, diag).unwrap_or_else(|errors| {
        let fallback = expand::fallback(&placed);
        quote!(#errors #fallback)
    })
}

//! `#[policy]`: a named policy, which any number of routes can use.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Error, Item};

use super::attr::Args;
use super::{expand, valid};
use crate::diag::Diag;

pub(crate) fn policy(args: TokenStream, item: TokenStream) -> TokenStream {
    let declared = match syn::parse2(item.clone()) {
        Ok(Item::Struct(declared)) => declared,
        Ok(_) => {
            let message = "`#[policy]` applies to a struct: put it above one, such as `struct CanEditPosts;`";
            let error = Error::new(Span::call_site(), message).into_compile_error();
            return quote!(#error #item);
        }
        Err(error) => {
            let error = error.into_compile_error();
            return quote!(#error #item);
        }
    };
    let mut diag = Diag::default();
    let args = Args::parse(args, &mut diag);
    let policy = valid::named_policy(&args, &declared, &mut diag);
    match diag.finish() {
        Ok(()) => expand::named_policy(&policy, &declared),
        Err(errors) => {
            let fallback = expand::named_policy_with_errors(args.claims.as_ref(), &declared);
            quote!(#errors #fallback)
        }
    }
}

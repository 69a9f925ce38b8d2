//! `#[policy]`: a policy with a name, for many routes.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Error, Item, ItemStruct};

use super::attr::Args;
use super::{expand, valid};
use crate::diag::Diag;

pub(crate) fn policy(args: TokenStream, item: TokenStream) -> TokenStream {
    let declared = match syn::parse2(item.clone()) {
        Ok(Item::Struct(declared)) => declared,
        Ok(_) => {
            let message = "`#[policy]` gives a policy a name: put it above a struct, `struct CanEditPosts;`";
            let error = Error::new(Span::call_site(), message).into_compile_error();
            return quote!(#error #item);
        }
        Err(error) => {
            let error = error.into_compile_error();
            return quote!(#error #item);
        }
    };
    let mut diag = Diag::default();
    let mut args = Args::parse(args, &mut diag);
    let expansion = expand(&mut args, &declared, &mut diag);
    match diag.finish() {
        Ok(()) => quote!(#declared #expansion),
        Err(errors) => {
            // It stays a policy, so that its uses add no messages.
            let has_parameters = !declared.generics.params.is_empty();
            let fallback = (!has_parameters).then(|| expand::never(&declared.ident, args.claims.as_ref()));
            quote!(#errors #declared #fallback)
        }
    }
}

fn expand(args: &mut Args, declared: &ItemStruct, diag: &mut Diag) -> TokenStream {
    if !declared.generics.params.is_empty() {
        diag.error(&declared.generics, "a policy is one type, and a constant: remove the parameters");
    }
    let policy = valid::named(args, &declared.ident, diag);
    expand::policy(&policy, &declared.ident, None)
}

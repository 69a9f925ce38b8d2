//! `#[derive(Claims)]`.

mod ast;
mod attr;
mod expand;
mod fallback;
mod guards;
mod names;
mod path;
mod profiles;
mod serde;
mod valid;
mod version;
mod views;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error};

use crate::diag::Diag;

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    if let Data::Enum(data) = &input.data {
        return profiles::expand(&input, data);
    }
    let mut diag = Diag::default();
    let data = ast::Data::read(&input, &mut diag);
    let claims = valid::check(&data, &mut diag);
    match (diag.finish(), &claims.subject) {
        (Ok(()), Some(subject)) => expand::claims(&claims, subject),
        (Ok(()), None) => Error::new_spanned(&input.ident, "no subject was found").into_compile_error(),
        (Err(errors), _) => {
            let fallback = fallback::claims(&input, &views::views(&claims));
            quote!(#errors #fallback)
        }
    }
}

//! An enum of claims. Each variant holds a claims struct with its own profile: the issuer and the audience of its
//! tokens.

mod expand;
mod valid;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DataEnum, DeriveInput};

use super::attr::{Marks, Place};
use super::fallback;
use crate::diag::Diag;

pub(super) fn expand(input: &DeriveInput, data: &DataEnum) -> TokenStream {
    let mut diag = Diag::default();
    let marks = Marks::read(&input.attrs, Place::Enum, &mut diag);
    let claims = valid::check(input, data, &marks, &mut diag);
    match diag.finish() {
        Ok(()) => expand::claims(&claims),
        Err(errors) => {
            let fallback = fallback::claims(input, &TokenStream::new());
            quote!(#errors #fallback)
        }
    }
}

//! The procedural macros of [`jwt-auth`](https://docs.rs/jwt-auth). Use them from there.

mod claims;
mod diag;
mod exports;
mod meta;
mod require_auth;
mod routes;

use proc_macro::TokenStream;

#[proc_macro_derive(Claims, attributes(claims))]
pub fn derive_claims(input: TokenStream) -> TokenStream {
    claims::expand(input.into()).into()
}

#[proc_macro_attribute]
pub fn require_auth(args: TokenStream, item: TokenStream) -> TokenStream {
    require_auth::require_auth(args.into(), item.into()).into()
}

#[proc_macro_attribute]
pub fn public(args: TokenStream, item: TokenStream) -> TokenStream {
    require_auth::public(args.into(), item.into()).into()
}

#[proc_macro]
pub fn routes(input: TokenStream) -> TokenStream {
    routes::expand(input.into()).into()
}

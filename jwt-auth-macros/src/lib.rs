//! The procedural macros of [`jwt-auth`](https://docs.rs/jwt-auth). Use them through that crate, which re-exports them:
//! the code that they generate refers to it, and requires exactly the same version.

mod claims;
mod diag;
mod exports;
mod meta;
mod pretty;
mod require_auth;
mod routes;

use proc_macro::TokenStream;

/// Makes a struct the claims of access tokens, and a request guard.
///
#[doc = include_str!("docs/claims.md")]
#[proc_macro_derive(Claims, attributes(claims))]
pub fn derive_claims(input: TokenStream) -> TokenStream {
    claims::expand(input.into()).into()
}

/// Restricts a route to callers with a valid access token, and to those who meet its conditions.
///
#[doc = include_str!("docs/require_auth.md")]
#[proc_macro_attribute]
pub fn require_auth(args: TokenStream, item: TokenStream) -> TokenStream {
    require_auth::require_auth(args.into(), item.into()).into()
}

/// Gives a policy a name, so that many routes can require it.
///
#[doc = include_str!("docs/policy.md")]
#[proc_macro_attribute]
pub fn policy(args: TokenStream, item: TokenStream) -> TokenStream {
    require_auth::policy(args.into(), item.into()).into()
}

/// Marks a route as public: everyone may call it.
///
#[doc = include_str!("docs/public.md")]
#[proc_macro_attribute]
pub fn public(args: TokenStream, item: TokenStream) -> TokenStream {
    require_auth::public(args.into(), item.into()).into()
}

/// Collects routes to mount, and accepts none without an access rule.
///
#[doc = include_str!("docs/routes.md")]
#[proc_macro]
pub fn routes(input: TokenStream) -> TokenStream {
    routes::expand(input.into()).into()
}

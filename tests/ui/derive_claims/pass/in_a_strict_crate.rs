//! Under lints that real crates turn on, and without a prelude.
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, missing_debug_implementations, missing_copy_implementations)]
#![deny(unreachable_pub, unused_qualifications, unused_results, single_use_lifetimes, let_underscore_drop)]
#![deny(elided_lifetimes_in_paths, non_ascii_idents, variant_size_differences, unit_bindings)]
#![deny(clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction)]
#![allow(clippy::blanket_clippy_restriction_lints)]
#![no_implicit_prelude]

/// A user.
#[derive(::jwt_auth::Claims, ::serde::Serialize, ::serde::Deserialize, ::core::fmt::Debug)]
#[non_exhaustive]
pub struct User {
    /// Whose token it is.
    #[claims(subject)]
    pub id: ::core::primitive::u64,
    /// What they are.
    #[claims(roles)]
    pub roles: ::std::vec::Vec<::std::string::String>,
    /// What they may do.
    #[claims(scope)]
    pub scope: ::std::string::String,
}

fn main() {}

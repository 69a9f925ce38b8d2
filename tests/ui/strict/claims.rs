//! `#[derive(Claims)]` under even more lints, and without a prelude.
#![deny(missing_copy_implementations, single_use_lifetimes, variant_size_differences, unit_bindings)]
#![deny(clippy::nursery)]
#![no_implicit_prelude]

/// A user.
#[derive(::jwt_auth::Claims, ::serde::Serialize, ::serde::Deserialize, ::core::fmt::Debug)]
#[non_exhaustive]
pub struct User {
    /// The subject.
    #[claims(subject)]
    pub id: ::core::primitive::u64,
    /// The roles.
    #[claims(roles)]
    pub roles: ::std::vec::Vec<::std::string::String>,
    /// The scopes.
    #[claims(scope)]
    pub scope: ::std::string::String,
}

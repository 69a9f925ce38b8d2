//! Generated code does not use names from the user's scope.
#![deny(warnings, clippy::all, clippy::pedantic)]

struct Option;
struct Some;
struct String;
struct Result;
struct Box;
struct Vec;
mod core {}
mod std {}
mod rocket {}
mod serde {}

#[derive(::jwt_auth::Claims, ::serde::Serialize, ::serde::Deserialize)]
struct User {
    #[claims(subject)]
    id: u64,
    #[claims(roles)]
    roles: ::std::vec::Vec<::std::string::String>,
    #[claims(scope)]
    scope: ::std::string::String,
}

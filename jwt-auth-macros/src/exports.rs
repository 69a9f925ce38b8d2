//! Names for generated code: absolute paths, which nothing in the user's scope can shadow, and hygienic
//! identifiers, which cannot collide with the user's own.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

macro_rules! exports {
    ($($name:ident => $(::$path:ident)+);* $(;)?) => {$(
        #[allow(non_camel_case_types)]
        pub(crate) struct $name;

        impl ToTokens for $name {
            fn to_tokens(&self, tokens: &mut TokenStream) {
                tokens.extend(quote!($(::$path)+));
            }
        }
    )*};
}

exports! {
    _core => ::core;
    _Box => ::std::boxed::Box;
    _String => ::std::string::String;
    _Vec => ::std::vec::Vec;

    _private => ::jwt_auth::__private;
    _rocket => ::jwt_auth::__private::rocket;

    _Claims => ::jwt_auth::__private::Claims;
    _SubjectClaims => ::jwt_auth::__private::SubjectClaims;
    _HasRoles => ::jwt_auth::__private::HasRoles;
    _HasScope => ::jwt_auth::__private::HasScope;
    _Subject => ::jwt_auth::__private::Subject;
    _ScopeValue => ::jwt_auth::__private::ScopeValue;

    _AuthError => ::jwt_auth::__private::AuthError;
    _Policy => ::jwt_auth::__private::Policy;
    _Requirement => ::jwt_auth::__private::Requirement;
    _Source => ::jwt_auth::__private::Source;
    _RoutePolicy => ::jwt_auth::__private::RoutePolicy;
    _Access => ::jwt_auth::__private::Access;
}

/// Gives all tokens this span, where the compiler then reports errors about them.
pub(crate) fn at(span: Span, tokens: impl ToTokens) -> TokenStream {
    let respanned = tokens.into_token_stream().into_iter().map(|mut token| {
        token.set_span(span);
        token
    });
    respanned.collect()
}

/// An identifier that the user's code cannot name. Errors about it appear at this span.
pub(crate) fn hygienic(name: &str, span: Span) -> Ident {
    Ident::new(name, Span::mixed_site().located_at(span))
}

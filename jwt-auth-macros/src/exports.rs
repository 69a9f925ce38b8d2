//! What generated code names, by absolute paths that nothing in the user's scope can shadow.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};

/// The tokens, with this span: what the compiler has to say of them, it says there.
pub(crate) fn at(span: Span, tokens: impl ToTokens) -> TokenStream {
    let respanned = tokens.into_token_stream().into_iter().map(|mut token| {
        token.set_span(span);
        token
    });
    respanned.collect()
}

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

    _rocket => ::jwt_auth::__private::rocket;
    _private => ::jwt_auth::__private;

    _Claims => ::jwt_auth::claims::Claims;
    _BareClaims => ::jwt_auth::claims::BareClaims;
    _HasRoles => ::jwt_auth::claims::HasRoles;
    _HasScope => ::jwt_auth::claims::HasScope;
    _Subject => ::jwt_auth::claims::Subject;
    _ScopeValue => ::jwt_auth::claims::ScopeValue;

    _Authorized => ::jwt_auth::Authorized;
    _AuthError => ::jwt_auth::AuthError;
    _Policy => ::jwt_auth::Policy;
    _Requirement => ::jwt_auth::Requirement;
    _RoutePolicy => ::jwt_auth::RoutePolicy;
    _Access => ::jwt_auth::Access;
}

//! The documentation of the macros, so that its examples are tested.

macro_rules! documents {
    ($($name:ident $path:literal)*) => {$(
        #[doc = include_str!($path)]
        pub mod $name {}
    )*};
}

documents! {
    claims "../../jwt-auth-macros/src/docs/claims.md"
    policy "../../jwt-auth-macros/src/docs/policy.md"
    public "../../jwt-auth-macros/src/docs/public.md"
    require_auth "../../jwt-auth-macros/src/docs/require_auth.md"
    routes "../../jwt-auth-macros/src/docs/routes.md"
}

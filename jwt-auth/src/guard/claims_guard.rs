//! Facts about the type of a handler's parameter at compile time: whether it is a guard that reads the token as claims,
//! and whether it hides a failure of the guard from the route.
//!
//! Generated code looks up a type in [`GuardType`]. Its inherent constants exist only for guards of claims; those of
//! [`OtherType`] exist for all types. So aliases, renamed imports and full paths make no difference.

use std::marker::PhantomData;

use rocket::outcome::Outcome;

use super::authorized::Authorized;
use super::maybe::MaybeAuth;
use crate::auth::Auth;
use crate::claims::{Claims, Kinds};
use crate::policy::Policy;

/// A guard that reads the token as claims, or a wrapper of one. `Form` keeps the impls from overlapping.
pub trait ClaimsGuard<Form> {
    /// The claims.
    type Claims: Claims;
}

/// The form of a guard that is `Auth`, `MaybeAuth` or claims.
pub struct ByValue;

/// The form of a guard that is a reference to claims.
pub struct ByReference;

/// The form of a guard that decides a policy.
pub struct ByPolicy;

impl<C: Claims> ClaimsGuard<ByValue> for C {
    type Claims = C;
}

impl<C: Claims> ClaimsGuard<ByValue> for Auth<C> {
    type Claims = C;
}

impl<C: Claims> ClaimsGuard<ByValue> for MaybeAuth<C> {
    type Claims = C;
}

impl<C: Claims> ClaimsGuard<ByReference> for &C {
    type Claims = C;
}

impl<P: Policy> ClaimsGuard<ByPolicy> for Authorized<P> {
    type Claims = P::Claims;
}

/// A wrapper that lets Rocket continue when the guard inside fails.
pub trait Wrapper<Form>: ClaimsGuard<Form> {}

macro_rules! wrappers {
    ($($wrapper:ident<$guard:ident $(, $other:ident)*>),*) => {$(
        impl<Form, $guard: ClaimsGuard<Form> $(, $other)*> ClaimsGuard<Form> for $wrapper<$guard $(, $other)*> {
            type Claims = $guard::Claims;
        }

        impl<Form, $guard: ClaimsGuard<Form> $(, $other)*> Wrapper<Form> for $wrapper<$guard $(, $other)*> {}
    )*};
}

wrappers!(Option<G>, Result<G, E>, Outcome<G, E, F>);

/// The type of a parameter.
pub struct GuardType<T: ?Sized>(PhantomData<T>);

/// The fallback for a type that reads no claims.
pub trait OtherType {
    /// The type is not known to read tokens.
    const KINDS_BY_VALUE: Option<Kinds> = None;
    /// As above.
    const KINDS_BY_REFERENCE: Option<Kinds> = None;
    /// As above.
    const KINDS_BY_POLICY: Option<Kinds> = None;
    /// The type is not a wrapper.
    const WRAPS_BY_VALUE: bool = false;
    /// As above.
    const WRAPS_BY_REFERENCE: bool = false;
    /// As above.
    const WRAPS_BY_POLICY: bool = false;
}

impl<T: ?Sized> OtherType for GuardType<T> {}

macro_rules! forms {
    ($($form:ident: $kinds:ident, $wraps:ident;)*) => {$(
        impl<T: ClaimsGuard<$form>> GuardType<T> {
            /// The tokens that the guard reads.
            pub const $kinds: Option<Kinds> = Some(Kinds::of::<T::Claims>());
        }

        impl<T: Wrapper<$form>> GuardType<T> {
            /// The type is a wrapper.
            pub const $wraps: bool = true;
        }
    )*};
}

forms! {
    ByValue: KINDS_BY_VALUE, WRAPS_BY_VALUE;
    ByReference: KINDS_BY_REFERENCE, WRAPS_BY_REFERENCE;
    ByPolicy: KINDS_BY_POLICY, WRAPS_BY_POLICY;
}

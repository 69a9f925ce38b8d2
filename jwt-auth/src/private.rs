//! Items for generated code. They are not part of the public API, and may change without notice.

use std::any::type_name;
use std::pin::Pin;

use rocket::request::Outcome;
use rocket::{Ignite, Request, Rocket};

pub use crate::auth::Auth;
pub use crate::auth::Source;
pub use crate::claims::private::*;
pub use crate::claims::traits::Claims;
pub use crate::claims::{HasRoles, HasScope, ScopeValue, Subject, SubjectClaims};
pub use crate::error::AuthError;
pub use crate::guard::MaybeAuth;
pub use crate::guard::private::*;
pub use crate::policy::private::*;
pub use crate::policy::{Access, Policy, Requirement, RoutePolicy};
pub use crate::{__described as described, __undescribed as undescribed};
pub use rocket;

#[path = "private/operator.rs"]
pub mod operator;

/// Waits until the store has received all confirmations, for the tests of this crate.
#[cfg(feature = "testing")]
pub async fn settled(auth: &crate::jwt_auth::JwtAuth) {
    auth.engine().confirmations.settled().await;
}

pub fn subject<S: Subject>(subject: &S) -> String {
    subject.to_string()
}

pub fn scopes<S: ScopeValue>(scope: &S) -> impl Iterator<Item = &str> {
    scope.scopes()
}

/// The outcome of a guard, in progress. It is boxed in this crate, so that the compiler shows only once, not for each
/// claims type, that all futures in it are `Send`.
type GuardOutcome<'g, T> = Pin<Box<dyn Future<Output = Outcome<T, AuthError>> + Send + 'g>>;

pub fn claims_by_value<'r: 'g, 'l: 'g, 'g, C: Claims>(request: &'r Request<'l>) -> GuardOutcome<'g, C> {
    Box::pin(crate::guard::claims_by_value(request))
}

pub fn claims_by_ref<'r: 'g, 'l: 'g, 'g, C: Claims>(request: &'r Request<'l>) -> GuardOutcome<'g, &'r C> {
    Box::pin(crate::guard::claims_by_ref(request))
}

pub fn abort_without_issuer<T, C: Claims>(rocket: &Rocket<Ignite>) -> bool {
    crate::guard::abort_without_issuer::<C>(type_name::<T>(), rocket)
}

/// Implements the OpenAPI operation in a trait of the route, and records whether its body is a `Credentials`.
#[cfg(feature = "utoipa")]
#[doc(hidden)]
#[macro_export]
macro_rules! __described {
    ($operation:ident) => {
        $crate::__described!(@ $operation, false);
    };
    ($operation:ident; reads_credentials) => {
        $crate::__described!(@ $operation, true);
    };
    (@ $operation:ident, $reads_credentials:literal) => {
        fn operation() -> ::core::option::Option<$crate::__private::Operation> {
            ::core::option::Option::Some($crate::__private::Operation::of::<$operation>($reads_credentials))
        }
    };
}

/// Reserves the name of the operation next to a handler that has no operation below its access attribute. If there is
/// an operation above that attribute, the name refers to a unit struct, and not to a function that creates a struct.
#[cfg(feature = "utoipa")]
#[doc(hidden)]
#[macro_export]
macro_rules! __undescribed {
    ($operation:ident) => {
        #[doc(hidden)]
        #[allow(non_camel_case_types)]
        struct $operation();
        const _: () = $crate::__private::nothing_above(&$operation);
    };
}

/// Without the feature `utoipa`, no handler has an operation.
#[cfg(not(feature = "utoipa"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __described {
    ($($operation:tt)*) => {};
}

/// Without the feature `utoipa`, operations are not read.
#[cfg(not(feature = "utoipa"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __undescribed {
    ($($operation:tt)*) => {};
}

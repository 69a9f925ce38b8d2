//! What generated code may name. Not part of the public interface: it changes without notice.

use rocket::request::Outcome;
use rocket::{Ignite, Request, Rocket, Route};

use crate::claims::{Claims, HasRoles, ScopeValue, Subject};
use crate::error::AuthError;
use crate::policy::RoutePolicy;

pub use crate::claims::{Earlier, NotReadable, upgrade};
#[cfg(feature = "utoipa")]
pub use crate::openapi::private::*;
pub use crate::policy::private::*;
pub use crate::{__described as described, __undescribed as undescribed};
pub use rocket;

/// A role that can be asked of claims whose own roles are of type `Self`.
#[diagnostic::on_unimplemented(
    message = "`{Asked}` cannot be asked of claims whose roles are `{Self}`",
    label = "this cannot be compared with a `{Self}`",
    note = "if it is a `{Self}`, put `#[derive(PartialEq)]` on that type",
    note = "if `{Self}` is a list, write `Vec<Role>` at the field marked `#[claims(roles)]`, and no alias of it"
)]
pub trait RoleIs<Asked> {
    fn is(&self, asked: &Asked) -> bool;
}

#[diagnostic::do_not_recommend]
impl<R: PartialEq<Asked>, Asked> RoleIs<Asked> for R {
    fn is(&self, asked: &Asked) -> bool {
        self == asked
    }
}

/// Whether the claims hold a role, or one that implies it by what `walk` finds out; nothing, if it gave up.
/// The role is of a type of its own so that the compiler underlines it when it is of the wrong one.
pub fn has_role<Asked, C: HasRoles, W>(asked: Asked, claims: &C, walk: W) -> Option<bool>
where
    C::Role: RoleIs<Asked>,
    W: FnOnce(Ranks<C::Role>) -> Walk<C::Role>,
{
    let walk = walk(Ranks::of(claims));
    let mut held = Some(false);
    for role in claims.roles() {
        match walk(role, &mut |role| role.is(&asked)) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => held = None,
        }
    }
    held
}

pub fn subject<S: Subject>(subject: &S) -> String {
    subject.to_string()
}

pub fn scopes<S: ScopeValue>(scope: &S) -> impl Iterator<Item = &str> {
    scope.scopes()
}

pub async fn claims_by_value<C: Claims>(request: &Request<'_>) -> Outcome<C, AuthError> {
    crate::guard::claims_by_value(request).await
}

pub async fn claims_by_ref<'r, C: Claims>(request: &'r Request<'_>) -> Outcome<&'r C, AuthError> {
    crate::guard::claims_by_ref(request).await
}

pub fn abort_without_fairing<T>(rocket: &Rocket<Ignite>) -> bool {
    crate::guard::abort_without_fairing::<T>(rocket)
}

/// Stands between the name of a route and its policy. No name of anybody else holds it.
pub(crate) const DECLARED: &str = " → ";

/// Shows the route's policy in Rocket's own list of routes, by its name.
pub fn with_policy<R: RoutePolicy>(handler: R, into_route: impl FnOnce(R) -> Route) -> Route {
    let mut route = into_route(handler);
    let name = route.name.take().unwrap_or_default();
    route.name = Some(format!("{name}{DECLARED}{}", R::access()).into());
    #[cfg(feature = "utoipa")]
    crate::openapi::declare::<R>(&mut route);
    route
}

/// Within the `RoutePolicy` of a handler: its operation, with what the policy says, or else that it is public.
#[cfg(feature = "utoipa")]
#[doc(hidden)]
#[macro_export]
macro_rules! __described {
    ($operation:ident $(, $policy:ty)?) => {
        fn described() -> ::core::option::Option<$crate::__private::Described> {
            let security = $crate::__private::Security::public()$(.asked_by::<$policy>())?;
            ::core::option::Option::Some($crate::__private::described_by::<$operation>(&security))
        }
    };
}

/// Beside a handler that has no operation below: takes its name. If there is one above, the name is that of a unit
/// struct and not of a function that makes a struct.
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

/// Without the feature `utoipa`, nobody asks for one.
#[cfg(not(feature = "utoipa"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __undescribed {
    ($($operation:tt)*) => {};
}

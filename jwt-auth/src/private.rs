//! What generated code may name. Not part of the public interface: it changes without notice.

use rocket::request::Outcome;
use rocket::{Ignite, Request, Rocket, Route};

use crate::auth::Auth;
use crate::claims::{Claims, HasRoles, ScopeValue, Subject};
use crate::error::AuthError;
use crate::guard::{Authorized, MaybeAuth};
use crate::policy::{Access, Policy, RoutePolicy};

pub use crate::claims::{Body, Earlier, Kind, NotReadable, assert_kinds_differ, upgrade};
#[cfg(feature = "utoipa")]
pub use crate::openapi::private::*;
pub use crate::policy::private::*;
pub use crate::verifier::{Candidate, Verified};
pub use crate::{__described as described, __undescribed as undescribed};
pub use rocket;

/// A role that can be asked of claims whose own roles are of type `Role`.
#[diagnostic::on_unimplemented(
    message = "a role of the claims, a `{Role}`, cannot be compared with a `{Self}`",
    label = "a `{Role}` cannot be compared with this",
    note = "if this is a `{Role}`, put `#[derive(PartialEq)]` on that type",
    note = "if `{Role}` is a list, write `Vec<Role>` at the field marked `#[claims(roles)]`, and no alias of it"
)]
pub trait AskedOf<Role> {
    fn is(&self, role: &Role) -> bool;
}

#[diagnostic::do_not_recommend]
impl<Role: PartialEq<Asked>, Asked> AskedOf<Role> for Asked {
    fn is(&self, role: &Role) -> bool {
        role == self
    }
}

/// Whether the claims hold a role, or one that implies it by what `walk` finds out; nothing, if it gave up.
/// The role is of a type of its own so that the compiler underlines it when it is of the wrong one.
pub fn has_role<Asked, C: HasRoles>(
    asked: Asked,
    claims: &C,
    walk: fn(Ranks<C::Role>) -> Walk<C::Role>,
) -> Option<bool>
where
    Asked: AskedOf<C::Role>,
{
    let walk = walk(Ranks::of(claims));
    let mut held = Some(false);
    for role in claims.roles() {
        match walk(role, &mut |role| asked.is(role)) {
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

pub fn abort_without_issuer<T, C: Claims>(rocket: &Rocket<Ignite>) -> bool {
    crate::guard::abort_without_issuer::<T, C>(rocket)
}

/// Stands between the name of a route and its policy. No name of anybody else holds it.
const DECLARED: &str = " → ";

/// The policy of a route that came through `routes![]`.
pub(crate) fn declared(route: &Route) -> Option<&str> {
    route.name.as_deref()?.split_once(DECLARED).map(|(_, policy)| policy)
}

/// Shows the route's policy in Rocket's own list of routes, by its name.
pub fn with_policy<R: RoutePolicy>(handler: R, into_route: fn(R) -> Route) -> Route {
    let mut route = into_route(handler);
    declare(&mut route, R::access());
    #[cfg(feature = "utoipa")]
    crate::openapi::declare::<R>(&mut route);
    route
}

fn declare(route: &mut Route, access: Access) {
    let name = route.name.take().unwrap_or_default();
    route.name = Some(format!("{name}{DECLARED}{access}").into());
}

/// The claims that met a policy, for a handler that takes them.
pub fn auth<P: Policy>(authorized: Authorized<P>) -> Auth<P::Claims> {
    authorized.into_auth().expect("a policy that is not optional lets nobody in without a token")
}

/// The claims of a caller whom an optional policy let in, for a handler that takes them.
pub fn maybe_auth<P: Policy>(authorized: Authorized<P>) -> MaybeAuth<P::Claims> {
    MaybeAuth::new(authorized.into_auth())
}

/// Within the `RoutePolicy` of a handler: its operation, with what the policy says, or else that it is public; and
/// with what is said of a body, if that is of `Credentials`.
#[cfg(feature = "utoipa")]
#[doc(hidden)]
#[macro_export]
macro_rules! __described {
    ($operation:ident $(, $policy:ty)? $(; $reads_credentials:ident)?) => {
        fn described() -> ::core::option::Option<$crate::__private::Described> {
            let security =
                $crate::__private::Security::public()$(.asked_by::<$policy>())?$(.$reads_credentials())?;
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

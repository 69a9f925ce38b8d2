//! Policies, which decide who may call a route. Each route has one policy, a constant expression. The decision, the
//! challenge and the list of routes are derived from it.
//!
//! Clauses about the token are decided first. Then, conditions are evaluated one after the other, as long as they can
//! still change the outcome: if a role already lets an admin in, no database query runs. A condition that fails
//! (because its parameter does not parse, or its guard or its database fails) is neither met nor unmet, even inside
//! `not`. If the outcome depends on it, the caller is not let in, and Rocket responds as it would without the policy:
//! the route forwards if a parameter does not parse, and fails if a guard fails. No condition is evaluated without a
//! valid token.
//!
//! A named policy may have parameters. Its type is then generic over the places where a route has them, so each route that
//! uses it has a constant of its own.
//!
//! A caller is asked to sign in again only if the policy could then be met. Otherwise, the response is an ordinary
//! denial.

mod access;
mod check;
mod decision;
mod function;
mod hierarchy;
mod nested;
#[cfg(feature = "utoipa")]
mod operation;
mod parameterized;
mod parameters;
pub(crate) mod registry;
mod requirement;
mod role;
mod rules;
mod step_up;
mod summary;
mod verdict;

pub use access::{Access, RoutePolicy};
pub(crate) use check::CheckFailure;
pub use hierarchy::RoleHierarchy;
#[cfg(feature = "utoipa")]
pub(crate) use operation::Operation;
pub use requirement::Requirement;
pub(crate) use rules::Rules;
#[cfg(any(feature = "utoipa", feature = "testing"))]
pub(crate) use summary::Summary;

/// Items that generated code uses.
pub(crate) mod private {
    pub use super::check::{CheckFailure, NoSentinel, Sentry, apply};
    pub use super::function::{abort_function, ask_function};
    pub use super::hierarchy::{NoHierarchy, Ranks};
    #[cfg(feature = "utoipa")]
    pub use super::operation::{NothingAbove, Operation, nothing_above};
    pub use super::parameterized::{
        ArgumentsOf, AtSegment, FromSegment, NotGiven, NowhereInUri, Parameter, Parsed, TakesParameters,
        UriType, assert_parameter_type,
    };
    pub use super::parameters::{guard, query, query_rest, segment, segments};
    pub use super::registry::with_policy;
    pub use super::role::{ComparesWith, has_role, known_role};
    pub use super::rules::rules;
    pub use super::verdict::verdict;
}

use crate::auth::Source;
use crate::claims::Claims;

/// A named rule about the claims of a caller. [`#[policy(…)]`](macro@crate::policy) implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a policy",
    label = "not a policy",
    note = "to declare a policy, put `#[policy(User, …)]` above `struct {Self};`"
)]
pub trait Policy: Send + Sync + 'static {
    /// The claims that the policy applies to.
    type Claims: Claims;

    /// Whether the store is also asked if the session is live. By default, this is `true` if the policy contains a
    /// strict one.
    const STRICT: bool = Self::REQUIREMENT.is_strict();

    /// Whether a caller who does not meet the requirement gets the response of a route that does not exist: 404 instead
    /// of 403. By default, this is `true` if the policy contains a named policy for which it is.
    const OR_NOT_FOUND: bool = Self::REQUIREMENT.is_or_not_found();

    /// Whether callers without a token are let in; `false` by default. Callers with an invalid token never are, and
    /// callers with a valid one must meet the requirement.
    const OPTIONAL: bool = false;

    /// The only source from which a token is accepted. By default, all are.
    const SOURCE: Option<Source> = None;

    /// Whether requests of other sites may use the browser's session cookie; `false` by default.
    const CROSS_ORIGIN: bool = false;

    /// The requirement that a caller must meet.
    const REQUIREMENT: Requirement<Self::Claims>;
}

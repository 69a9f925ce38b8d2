//! Policies: who may call a route. One constant expression per route, which the decision, the challenge and the list of
//! routes read.
//!
//! Clauses about the token are decided first, then conditions one after the other, and only while they can still change the
//! outcome: an admin who is let in by a role costs no database query. A condition that fails (its parameter does not parse,
//! its guard or its database fails) is neither met nor unmet, also inside a `not`. If the outcome depends on it, the caller
//! is not let in, and Rocket responds as it would without the policy: it forwards if a parameter does not parse, and an
//! error is an error. No condition is evaluated without a valid token.
//!
//! A caller is asked to sign in again only if that could help: if the policy would be met with a new sign-in. Otherwise, it
//! is a denial like any other.

mod access;
mod check;
mod decision;
mod function;
mod hierarchy;
mod nested;
#[cfg(feature = "utoipa")]
mod operation;
mod parameters;
pub(crate) mod registry;
mod requirement;
mod role;
mod step_up;
mod summary;
mod verdict;

pub use access::{Access, RoutePolicy};
pub(crate) use check::CheckFailure;
pub use hierarchy::RoleHierarchy;
pub(crate) use nested::PolicyOver;
#[cfg(feature = "utoipa")]
pub(crate) use operation::Operation;
pub use requirement::Requirement;
#[cfg(any(feature = "utoipa", feature = "testing"))]
pub(crate) use summary::Summary;

/// What generated code names.
pub(crate) mod private {
    pub use super::check::{NoSentinel, Sentry, apply};
    pub use super::function::{abort_function, ask_function};
    pub use super::hierarchy::{NoHierarchy, Ranks, Walk};
    #[cfg(feature = "utoipa")]
    pub use super::operation::{NothingAbove, Operation, nothing_above};
    pub use super::parameters::{guard, query, query_rest, segment, segments};
    pub use super::registry::with_policy;
    pub use super::role::{ComparesWith, has_role};
    pub use super::verdict::verdict;
}

use crate::claims::Claims;

/// A decision over the claims of a caller: that of one route, which `#[require_auth(…)]` generates, or a named one, which
/// [`#[policy(…)]`](macro@crate::policy) generates.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a policy",
    label = "not a policy",
    note = "to declare a policy, put `#[policy(User, …)]` above `struct {Self};`"
)]
pub trait Policy: Send + Sync + 'static {
    /// The claims that the decision reads.
    type Claims: Claims;

    /// Whether the store is also asked whether the session is live. By default, if a policy that this one contains does.
    const STRICT: bool = Self::REQUIREMENT.is_strict();

    /// Whether callers without a token are let in. Those with an invalid token never are, and those with a valid one must
    /// meet the requirement.
    const OPTIONAL: bool = false;

    /// What the policy requires.
    const REQUIREMENT: Requirement<Self::Claims>;
}

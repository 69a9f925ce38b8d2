//! Who may call a route: one constant expression per route, read by the decision, the challenge and
//! the listing at launch.
//!
//! Clauses over the token are decided first, then conditions one after the other, and only while they
//! can still change the outcome: an admin who is let in by a role costs no query of a database. A
//! condition that has no answer (its parameter does not parse, its guard or its database fails) is
//! neither met nor unmet, also inside a `not`. If the outcome hangs on it, the caller is not let in, and
//! Rocket answers as it would without the policy: it forwards a parameter that does not parse, and an
//! error is an error. Nobody comes so far without a valid token.
//!
//! A caller is asked to sign in again only where that could help: where the policy would be met if all that
//! it says of sign-ins were. Otherwise it is a denial like any other.

mod access;
mod check;
mod decision;
mod denied;
mod function;
mod hierarchy;
mod named;
#[cfg(feature = "utoipa")]
mod outline;
mod parameters;
mod requirement;
mod step_up;
mod verdict;

pub use access::{Access, RoutePolicy};
pub use check::CheckClause;
pub(crate) use check::Stop;
pub use denied::Denied;
pub use hierarchy::RoleHierarchy;
pub use named::PolicyClause;
pub(crate) use named::PolicyOver;
pub use requirement::{Requirement, RoleClause, ScopeClause};
pub use step_up::{AcrClause, FreshClause, StepUp};
pub use verdict::Verdict;

/// What the macros make conditions of.
pub(crate) mod private {
    pub use super::check::{NoSentinel, Sentry, apply};
    pub use super::function::{abort_function, ask_function};
    pub use super::hierarchy::{NoHierarchy, Ranks, Walk};
    pub use super::parameters::{guard, query, query_rest, segment, segments};
    pub use super::verdict::answer;
}

use crate::claims::Claims;

/// A decision over a caller's claims: that of one route, as `#[require_auth(…)]` generates it, or a named
/// one, as [`#[policy(…)]`](macro@crate::policy) does.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a policy",
    label = "this type is not a policy",
    note = "declare it: `#[policy(User, …)]` above `struct {Self};`"
)]
pub trait Policy: Send + Sync + 'static {
    /// The claims that the decision reads.
    type Claims: Claims;

    /// Whether the store is asked, too, whether the session lives. It is, if a policy that this is made of
    /// says so.
    const STRICT: bool = Self::REQUIREMENT.is_strict();

    /// Whether callers without a token are let in; those with one that is not good are not. Whatever is
    /// required is asked of the others.
    const OPTIONAL: bool = false;

    /// What is asked of them.
    const REQUIREMENT: Requirement<Self::Claims>;
}

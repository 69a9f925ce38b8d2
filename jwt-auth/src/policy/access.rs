//! The access rules of routes.

use std::fmt;

#[cfg(feature = "utoipa")]
use super::operation::Operation;
use super::summary::Summary;
use super::{Policy, Rules};
use crate::auth::Source;

/// A route with an access rule: one that has `#[require_auth]` or `#[public]`.
#[diagnostic::on_unimplemented(
    message = "route `{Self}` has no access rule",
    label = "this route has neither `#[require_auth]` nor `#[public]`",
    note = "put `#[require_auth]` above its route attribute to require a valid access token, or `#[public]` to let everyone in"
)]
pub trait RoutePolicy: 'static {
    /// Returns the access rule of the route.
    fn access() -> Access;

    /// Returns the OpenAPI operation of the route, if it has one. The macros implement this.
    #[cfg(feature = "utoipa")]
    #[doc(hidden)]
    fn operation() -> Option<Operation> {
        None
    }
}

/// The access rule of a route. `Display` shows it as in Rocket's list of routes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// Everyone may call the route.
    Public,
    /// Callers without a token may call the route, and callers with a valid token. An invalid token is rejected.
    Optional(Summary),
    /// Callers whose token meets a policy may call the route.
    Required(Summary),
}

impl Access {
    /// Returns the access rule of a route with the policy `P`.
    pub fn of<P: Policy>() -> Self {
        Self::from(const { &Rules::of::<P>() })
    }
}

impl<C> From<&Rules<C>> for Access {
    fn from(rules: &Rules<C>) -> Self {
        let summary = Summary::of(rules);
        if rules.optional { Self::Optional(summary) } else { Self::Required(summary) }
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, summary) = match self {
            Self::Public => return write!(f, "public"),
            Self::Optional(summary) => ("optional", summary),
            Self::Required(summary) => (summary.requirement(), summary),
        };
        f.write_str(text)?;
        if summary.is_strict() {
            f.write_str(", strict")?;
        }
        if summary.is_or_not_found() {
            f.write_str(", or_not_found")?;
        }
        match summary.source() {
            Some(Source::Header) => f.write_str(", header")?,
            Some(Source::Cookie) => f.write_str(", cookie")?,
            None => {}
        }
        if summary.is_cross_origin() {
            f.write_str(", cross_origin")?;
        }
        Ok(())
    }
}

//! What the list of routes says about who may call them.

use std::fmt;

use super::Policy;
use super::named::PolicyOver;

/// A route about which a decision was made: one that carries `#[require_auth]` or `#[public]`.
#[diagnostic::on_unimplemented(
    message = "nobody decided who may call the route `{Self}`",
    label = "this route has neither `#[require_auth]` nor `#[public]`",
    note = "put `#[require_auth]` above its route attribute to ask for a valid access token, or `#[public]` to let everyone in"
)]
pub trait RoutePolicy: 'static {
    /// Who may call the route.
    fn access() -> Access;

    /// The route's operation in an OpenAPI document, if it is to stand in one. The macros write it.
    #[cfg(feature = "utoipa")]
    #[doc(hidden)]
    fn described() -> Option<crate::__private::Described> {
        None
    }
}

/// Who may call a route.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// Everyone.
    Public,
    /// Bearers of an access token that meets this requirement.
    Required(String),
    /// Bearers of a valid access token, and callers without one.
    Optional {
        /// Whether the store is asked about the former.
        strict: bool,
    },
}

impl Access {
    /// The access that the policy `P` gives.
    pub fn of<P: Policy>() -> Self {
        if P::OPTIONAL {
            return Self::Optional { strict: P::STRICT };
        }
        let strict = if P::STRICT { ", strict" } else { "" };
        Self::Required(format!("{}{strict}", P::KEPT))
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public => write!(f, "public"),
            Self::Optional { strict: false } => write!(f, "optional"),
            Self::Optional { strict: true } => write!(f, "optional, strict"),
            Self::Required(requirement) => write!(f, "{requirement}"),
        }
    }
}

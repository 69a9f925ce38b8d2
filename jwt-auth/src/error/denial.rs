//! A valid token that is not enough, and what would be.

use std::time::Duration;

/// A policy was not met.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not met", .clause.escape_debug())]
pub struct Denial {
    clause: String,
    scope: Option<String>,
}

impl Denial {
    /// Creates a denial that a handler decides itself. `clause` says what was not met, in the app's own words.
    pub fn new(clause: impl Into<String>) -> Self {
        Self { clause: clause.into(), scope: None }
    }

    /// Adds the scopes that would have been enough. An empty list adds nothing.
    pub(crate) fn with_scopes(self, scopes: &[&str]) -> Self {
        Self { scope: (!scopes.is_empty()).then(|| scopes.join(" ")), ..self }
    }

    /// Returns the clause that failed, as the source has it. For logs: clients see it only in the debug profile.
    pub fn clause(&self) -> &str {
        &self.clause
    }

    /// Returns the scopes that would have been enough, separated by spaces.
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }
}

/// The caller may be let in after signing in again (RFC 9470).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not met", .clause.escape_debug())]
pub struct StepUp {
    clause: String,
    max_age: Option<Duration>,
    acr_values: Option<&'static str>,
}

impl StepUp {
    pub(crate) fn new(clause: String, max_age: Option<Duration>, acr_values: Option<&'static str>) -> Self {
        Self { clause, max_age, acr_values }
    }

    /// Returns the clause that failed, as the source has it. For logs: clients see it only in the debug profile.
    pub fn clause(&self) -> &str {
        &self.clause
    }

    /// Returns how long ago the sign-in may be.
    pub fn max_age(&self) -> Option<Duration> {
        self.max_age
    }

    /// Returns the acceptable authentication contexts, separated by spaces, the preferred one first. One of them is
    /// enough.
    pub fn acr_values(&self) -> Option<&'static str> {
        self.acr_values
    }

    /// Merges the requirements of two clauses: the shorter age, and the first list of contexts.
    #[cfg_attr(not(feature = "utoipa"), allow(dead_code, reason = "only OpenAPI documents merge them"))]
    pub(crate) fn merge(self, other: Self) -> Self {
        Self {
            clause: format!("{}, {}", self.clause, other.clause),
            max_age: self.max_age.into_iter().chain(other.max_age).min(),
            acr_values: self.acr_values.or(other.acr_values),
        }
    }
}

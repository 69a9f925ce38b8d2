//! Denials: the token is valid, but does not meet the policy.

use std::time::Duration;

use super::chain::escaped;

/// A policy that the token does not meet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not met", escaped(.clause))]
pub struct Denial {
    clause: String,
    scope: Option<String>,
}

impl Denial {
    /// Creates a denial for a handler that decides for itself. `clause` describes the unmet requirement in the app's
    /// own words.
    pub fn new(clause: impl Into<String>) -> Self {
        Self { clause: clause.into(), scope: None }
    }

    /// Adds the scopes that would have been sufficient. An empty list adds nothing.
    pub(crate) fn with_scopes(self, scopes: &[&str]) -> Self {
        Self { scope: (!scopes.is_empty()).then(|| scopes.join(" ")), ..self }
    }

    /// Returns the clause that failed, as written in the source code. It is meant for logs. Clients see it only in the
    /// debug profile.
    pub fn clause(&self) -> &str {
        &self.clause
    }

    /// Returns the scopes that would have been sufficient, separated by spaces.
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }
}

/// A policy that the caller may meet after signing in again (RFC 9470).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not met", escaped(.clause))]
pub struct StepUp {
    clause: String,
    max_age: Option<Duration>,
    acr_values: Option<&'static str>,
}

impl StepUp {
    pub(crate) fn new(clause: String, max_age: Option<Duration>, acr_values: Option<&'static str>) -> Self {
        Self { clause, max_age, acr_values }
    }

    /// Returns the clause that failed, as written in the source code. It is meant for logs. Clients see it only in the
    /// debug profile.
    pub fn clause(&self) -> &str {
        &self.clause
    }

    /// Returns the maximum age of the sign-in.
    pub fn max_age(&self) -> Option<Duration> {
        self.max_age
    }

    /// Returns the acceptable authentication contexts in order of preference, separated by spaces. One of them is
    /// enough.
    pub fn acr_values(&self) -> Option<&'static str> {
        self.acr_values
    }

    /// Adds the requirements of another clause. The shorter maximum age and the first list of contexts apply.
    pub(crate) fn require(&mut self, max_age: Option<Duration>, acr_values: Option<&'static str>) {
        self.max_age = self.max_age.into_iter().chain(max_age).min();
        self.acr_values = self.acr_values.or(acr_values);
    }

    /// Merges the requirements of two clauses.
    #[cfg(feature = "utoipa")]
    pub(crate) fn merge(mut self, other: Self) -> Self {
        self.clause = format!("{}, {}", self.clause, other.clause);
        self.require(other.max_age, other.acr_values);
        self
    }
}

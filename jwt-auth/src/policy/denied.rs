//! A denial, and what it says to whom.

/// A policy was not met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    clause: String,
    scope: Option<String>,
}

impl Denied {
    /// A denial that a handler decides by itself, with what was not met in the app's own words.
    pub fn new(clause: impl Into<String>) -> Self {
        Self { clause: clause.into(), scope: None }
    }

    /// With the scopes that would have been enough; of none, nothing is said.
    pub(crate) fn wanting(self, scopes: &[&str]) -> Self {
        Self { scope: (!scopes.is_empty()).then(|| scopes.join(" ")), ..self }
    }

    /// The clause that failed, in the words of the source. For logs; clients see it in the debug
    /// profile alone.
    pub fn clause(&self) -> &str {
        &self.clause
    }

    /// The scopes that would have been enough, with spaces between.
    pub fn scope(&self) -> Option<&str> {
        self.scope.as_deref()
    }
}

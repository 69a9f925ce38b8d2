//! How its user signed in: clauses that a new sign-in meets (RFC 9470).

use std::time::Duration;

use crate::claims::SignIn;
use crate::clock::Timestamp;

/// The age of a sign-in that [`Requirement::Fresh`](super::Requirement::Fresh) asks for.
pub struct FreshClause {
    pub(super) source: &'static str,
    pub(super) max_age: Duration,
}

/// The way of signing in that [`Requirement::Acr`](super::Requirement::Acr) asks for.
pub struct AcrClause {
    pub(super) values: &'static str,
}

impl FreshClause {
    /// Whether the sign-in was that short a time ago. One that is yet to come is none.
    pub(super) fn is_met(&self, sign_in: &SignIn, now: Timestamp, leeway: Duration) -> bool {
        sign_in
            .auth_time
            .is_some_and(|auth_time| auth_time <= now + leeway && now <= auth_time + self.max_age)
    }
}

impl AcrClause {
    /// Whether it was one of these ways.
    pub(super) fn is_met(&self, sign_in: &SignIn) -> bool {
        sign_in
            .acr
            .as_deref()
            .is_some_and(|acr| self.values.split_ascii_whitespace().any(|value| value == acr))
    }
}

/// A caller has to sign in again, and may then be let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepUp {
    pub(super) clause: String,
    pub(super) max_age: Option<Duration>,
    pub(super) acr_values: Option<&'static str>,
}

impl StepUp {
    /// The clause that failed, in the words of the source. For logs; clients see it in the debug
    /// profile alone.
    pub fn clause(&self) -> &str {
        &self.clause
    }

    /// How long ago the sign-in may be.
    pub fn max_age(&self) -> Option<Duration> {
        self.max_age
    }

    /// Ways of signing in of which one is needed, with spaces between, the one that is liked best first.
    pub fn acr_values(&self) -> Option<&str> {
        self.acr_values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_to_the_second() {
        const LEEWAY: Duration = Duration::from_secs(10);

        let at = Timestamp::from_secs;
        let clause = FreshClause { source: "5m", max_age: Duration::from_secs(300) };
        for (now, expected) in [(1_000, true), (1_300, true), (1_301, false), (990, true), (989, false)] {
            assert_eq!(clause.is_met(&SignIn::at(at(1_000)), at(now), LEEWAY), expected, "at {now}");
        }
        assert!(!clause.is_met(&SignIn::default(), at(0), LEEWAY), "nobody signed in");
    }

    #[test]
    fn one_of_several_ways_is_enough() {
        let with = |acr: &str| SignIn { acr: Some(acr.into()), ..SignIn::default() };
        let clause = AcrClause { values: "gold silver" };
        for (sign_in, expected) in [
            (with("gold"), true),
            (with("silver"), true),
            (with("gold silver"), false),
            (with("GOLD"), false),
            (with(""), false),
            (SignIn::default(), false),
        ] {
            assert_eq!(clause.is_met(&sign_in), expected, "{sign_in:?}");
        }
    }
}

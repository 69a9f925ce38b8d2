//! Clauses about the sign-in, which a caller can meet by signing in again (RFC 9470).

use std::time::Duration;

use crate::claims::SignInClaims;
use crate::clock::Timestamp;

/// Requires a recent sign-in.
pub(super) struct FreshClause {
    pub(super) source: &'static str,
    pub(super) max_age: Duration,
}

/// Requires an authentication context.
pub(super) struct AcrClause {
    pub(super) values: &'static str,
}

impl FreshClause {
    /// Returns whether the sign-in is recent enough. A sign-in in the future does not count.
    pub(super) fn is_met(&self, sign_in: &SignInClaims, now: Timestamp, leeway: Duration) -> bool {
        sign_in
            .auth_time
            .is_some_and(|auth_time| auth_time <= now + leeway && now <= auth_time + self.max_age)
    }
}

impl AcrClause {
    /// Returns whether the sign-in has one of these contexts.
    pub(super) fn is_met(&self, sign_in: &SignInClaims) -> bool {
        sign_in
            .acr
            .as_deref()
            .is_some_and(|acr| self.values.split_ascii_whitespace().any(|value| value == acr))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_is_fresh_to_the_second() {
        const LEEWAY: Duration = Duration::from_secs(10);

        let at = Timestamp::from_secs;
        let clause = FreshClause { source: "5m", max_age: Duration::from_secs(300) };
        for (now, expected) in [(1_000, true), (1_300, true), (1_301, false), (990, true), (989, false)] {
            assert_eq!(clause.is_met(&SignInClaims::at(at(1_000)), at(now), LEEWAY), expected, "at {now}");
        }
        assert!(!clause.is_met(&SignInClaims::default(), at(0), LEEWAY), "without a sign-in");
    }

    #[test]
    fn one_of_several_contexts_is_enough() {
        let with = |acr: &str| SignInClaims { acr: Some(acr.into()), ..SignInClaims::default() };
        let clause = AcrClause { values: "gold silver" };
        for (sign_in, expected) in [
            (with("gold"), true),
            (with("silver"), true),
            (with("gold silver"), false),
            (with("GOLD"), false),
            (with(""), false),
            (SignInClaims::default(), false),
        ] {
            assert_eq!(clause.is_met(&sign_in), expected, "{sign_in:?}");
        }
    }
}

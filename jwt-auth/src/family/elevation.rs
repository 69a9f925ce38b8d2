//! Elevations: sign-ins within a session.

use std::time::Duration;

use crate::clock::Timestamp;

/// A sign-in within a session ([`JwtAuth::reauthenticate`](crate::JwtAuth::reauthenticate)). While it is in force, the
/// access tokens of the session contain it instead of the sign-in that the session began with.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Elevation {
    /// When the user signed in again.
    pub auth_time: Timestamp,
    /// When the sign-in that the session began with counts again. [`Timestamp::MAX`] if this one counts for the rest of the
    /// session. Verifiers accept access tokens with this sign-in until then, and for their `leeway`.
    pub until: Timestamp,
    /// The authentication context of this sign-in (`acr`).
    pub acr: Option<String>,
}

impl Elevation {
    /// The maximum length of [`acr`](Self::acr) in bytes. With both times, it fits into a small entry of a Redis hash.
    pub const LONGEST_ACR: usize = 52;

    /// Creates an elevation.
    pub const fn new(auth_time: Timestamp, until: Timestamp, acr: Option<String>) -> Self {
        Self { auth_time, until, acr }
    }

    /// Returns whether the elevation is in force for at least another second, so that a token can contain it. A sign-in in
    /// the future, by more than clocks may differ, never happened: someone has changed what the store contains.
    pub(crate) fn is_in_force(&self, now: Timestamp, leeway: Duration) -> bool {
        self.auth_time <= now + leeway && self.until.since(now) >= Duration::from_secs(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_elevation_is_in_force_until_the_second_before_its_end() {
        let at = Timestamp::from_millis;
        let elevation = Elevation::new(at(5_000), at(60_500), None);
        let leeway = Duration::from_secs(1);
        for (now, expected) in
            [(4_000, true), (5_000, true), (59_500, true), (59_501, false), (60_500, false)]
        {
            assert_eq!(elevation.is_in_force(at(now), leeway), expected, "at {now}");
        }
        assert!(!elevation.is_in_force(Timestamp::MAX, leeway));
    }

    #[test]
    fn a_sign_in_in_the_future_does_not_count() {
        let at = Timestamp::from_millis;
        let elevation = Elevation::new(at(5_000), Timestamp::MAX, Some("mfa".to_owned()));
        for (now, leeway, expected) in
            [(3_999, 1, false), (4_000, 1, true), (4_999, 0, false), (5_000, 0, true)]
        {
            assert_eq!(elevation.is_in_force(at(now), Duration::from_secs(leeway)), expected, "at {now}");
        }
    }
}

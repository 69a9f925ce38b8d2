//! The registered claims of a valid token.

use std::time::Duration;

use uuid::Uuid;

use crate::claims::SignInClaims;
use crate::clock::Timestamp;
use crate::error::InvalidToken;
use crate::jws::{id_of_only_token, is_id_of_only_token};
use crate::owner::Revision;

/// The registered claims of a valid token.
#[derive(Clone, Debug)]
pub(crate) struct TokenInfo {
    pub(crate) issued_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) validity: Validity,
    pub(crate) token_id: Uuid,
    pub(crate) session_id: Option<Uuid>,
    /// The generation of its session in which the token was issued.
    pub(crate) generation: Option<u32>,
    /// The revision of its owner under which the token was issued. `None` for a token of another system.
    pub(crate) revision: Option<Revision>,
    /// The kind of its claims: the audience of their type, if it has one of its own.
    pub(crate) kind: Option<&'static str>,
    pub(crate) sign_in: SignInClaims,
    /// Whether this app issued the token.
    pub(crate) is_own: bool,
}

impl TokenInfo {
    /// Returns whether the token is the only one of its session. It may live longer than revocations are remembered, so
    /// the store is asked about its session.
    pub(crate) fn is_long_lived(&self) -> bool {
        let is_only_token =
            |sid| is_id_of_only_token(self.token_id) && self.token_id == id_of_only_token(sid);
        self.is_own && self.generation.is_none() && self.session_id.is_some_and(is_only_token)
    }
}

/// The period in which a token is valid, including the leeway.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Validity {
    from: Timestamp,
    until: Timestamp,
}

impl Validity {
    pub(crate) fn new(not_before: Option<Timestamp>, expires_at: Timestamp, leeway: Duration) -> Self {
        let from = not_before.map_or(Timestamp::from_secs(0), |begin| begin.before(leeway));
        Self { from, until: expires_at + leeway }
    }

    /// Returns a period that ends at `until` at the latest.
    pub(crate) fn capped(self, until: Timestamp) -> Self {
        Self { until: self.until.min(until), ..self }
    }

    /// Checks that a token is valid at this time.
    pub(crate) fn check(&self, now: Timestamp) -> Result<(), InvalidToken> {
        if now >= self.until {
            return Err(InvalidToken::Expired);
        }
        if now < self.from {
            return Err(InvalidToken::NotYetValid);
        }
        Ok(())
    }
}

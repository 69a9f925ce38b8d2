//! What is known of a token that was checked.

use std::time::Duration;

use uuid::Uuid;

use crate::claims::SignIn;
use crate::clock::Timestamp;
use crate::error::InvalidToken;

/// The registered claims that outlive the check of a token.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    pub(crate) issued_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) good: Window,
    pub(crate) token_id: Uuid,
    pub(crate) session_id: Option<Uuid>,
    pub(crate) sign_in: SignIn,
    /// Whether this app issued it.
    pub(crate) is_ours: bool,
}

/// From when on a token is good, and up to when. The leeway is in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    from: Timestamp,
    until: Timestamp,
}

impl Window {
    pub(crate) fn new(not_before: Option<Timestamp>, expires_at: Timestamp, leeway: Duration) -> Self {
        let from = not_before.map_or(Timestamp::from_secs(0), |begin| begin.before(leeway));
        Self { from, until: expires_at + leeway }
    }

    /// The same, but no longer than this.
    pub(crate) fn up_to(self, until: Timestamp) -> Self {
        Self { until: self.until.min(until), ..self }
    }

    /// Sees that a token is good at this time.
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

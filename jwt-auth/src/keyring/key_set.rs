//! The keys of one issuer at one moment. A set is never modified, only replaced.

use std::time::Duration;

use super::jwks::Jwks;
use super::key::Key;
use super::signing::SigningKey;
use super::verifying::VerifyingKey;
use crate::clock::{Clock, Timestamp};
use crate::error::InvalidToken;
use crate::jws::TokenType;

/// The maximum number of keys that are tried for a token, which is more than an issuer has during a rollover. Each one
/// takes a verification of the signature.
const MOST_TRIED: usize = 8;

/// Keys. Those of the app itself have distinct names.
#[derive(Default)]
pub(crate) struct KeySet {
    pub(super) keys: Vec<Key>,
    /// How long before its `not_before` a key already verifies.
    leeway: Duration,
}

impl KeySet {
    pub(super) fn new(keys: Vec<Key>, leeway: Duration) -> Self {
        Self { keys, leeway }
    }

    /// Creates a set of keys without dates.
    pub(super) fn undated(keys: Vec<Key>) -> Self {
        Self::new(keys, Duration::ZERO)
    }

    /// Returns the key whose own tokens of this type have this encoded header.
    ///
    /// # Errors
    ///
    /// The key is not in force.
    pub(crate) fn recognize(
        &self,
        header: &str,
        token_type: TokenType,
        clock: &dyn Clock,
    ) -> Result<Option<&VerifyingKey>, InvalidToken> {
        match self.keys.iter().find(|key| key.verifying.headers().of(token_type) == header) {
            Some(key) if key.verifies_by(clock, self.leeway) => Ok(Some(&key.verifying)),
            Some(_) => Err(InvalidToken::UnknownKey),
            None => Ok(None),
        }
    }

    /// Returns the keys that may have signed a token with this header. A `kid` is looked up only among the keys of this
    /// set (RFC 8725, section 3.10). Several keys may have one `kid` (RFC 7517, section 4.5), or no token a `kid`.
    ///
    /// # Errors
    ///
    /// No such key is in force, it has a different algorithm, or too many keys could have signed the token.
    pub(crate) fn find(
        &self,
        kid: Option<&str>,
        alg: Option<&str>,
        now: Timestamp,
    ) -> Result<Vec<&VerifyingKey>, InvalidToken> {
        let in_force =
            self.keys.iter().filter(|key| key.verifies(now, self.leeway)).map(|key| &key.verifying);
        let mut named = in_force.filter(|key| kid.is_none() || key.kid() == kid).peekable();
        if named.peek().is_none() {
            return Err(InvalidToken::UnknownKey);
        }
        let found: Vec<_> = named.filter(|key| key.is_for(alg)).collect();
        match found.len() {
            0 => Err(InvalidToken::WrongAlgorithm),
            1..=MOST_TRIED => Ok(found),
            _ => Err(InvalidToken::UnknownKey),
        }
    }

    /// Returns the key that signs: of all keys that can sign and are in force, the one with the latest `not_before`.
    pub(crate) fn signing(&self, now: Timestamp) -> Option<&SigningKey> {
        self.signer(now)?.signing.as_ref()
    }

    /// Same as [`signing`](Self::signing), but returns the whole key.
    pub(super) fn signer(&self, now: Timestamp) -> Option<&Key> {
        let signs = self.keys.iter().filter(|key| key.signing.is_some() && key.signs(now));
        signs.max_by_key(|key| key.not_before)
    }

    /// Returns whether there is a key that can sign, in force or not.
    pub(crate) fn can_sign(&self) -> bool {
        self.keys.iter().any(|key| key.signing.is_some())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Returns whether there is a key with this name or, without a name, any key.
    #[cfg(feature = "remote")]
    pub(crate) fn knows(&self, kid: Option<&str>) -> bool {
        self.keys.iter().any(|key| kid.is_none() || key.verifying.kid() == kid)
    }

    /// Returns when the next key is retired.
    pub(super) fn next_retirement(&self, clock: &dyn Clock) -> Option<Timestamp> {
        let mut ends = self.keys.iter().filter_map(|key| key.retire_at).peekable();
        ends.peek()?;
        let now = clock.now();
        ends.filter(|end| *end > now).min()
    }

    /// Returns the public keys that are in force or upcoming.
    pub(super) fn jwks(&self, now: Timestamp) -> Jwks {
        let shown = self.keys.iter().filter(|key| !key.is_retired(now) && key.verifying.jwk().is_some());
        let changes_at = shown.clone().filter_map(|key| key.retire_at).min();
        Jwks::new(
            shown.filter_map(|key| key.verifying.jwk().cloned()).collect(),
            changes_at.map(|at| at.since(now)),
        )
    }
}

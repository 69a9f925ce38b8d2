//! jsonwebtoken, with the rules of jwt-auth, where it has such rules: whatever jwt-auth accepts, it accepts.

use jsonwebtoken::errors::Result;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, get_current_timestamp};
use serde::de::IgnoredAny;

use crate::{AUDIENCE, LEEWAY, Members, NOW, TestKey};

/// What the verifier is compared with.
pub struct Peer {
    key: DecodingKey,
    validation: Validation,
}

impl Peer {
    /// For tokens of this issuer, with the test key of this algorithm.
    pub fn new(issuer: &str, algorithm: Algorithm) -> Self {
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.validate_nbf = true;
        Self { key: TestKey::of(algorithm).decoding(), validation }
    }

    /// Verifies a token as of [`NOW`].
    pub fn verify(&self, token: &str) -> Result<()> {
        let mut validation = self.validation.clone();
        // Its clock cannot be set. But what it tolerates can be, by as much as the clocks differ.
        let ahead = NOW - get_current_timestamp();
        validation.leeway = ahead + LEEWAY;
        validation.reject_tokens_expiring_in_less_than = 2 * ahead;
        decode::<IgnoredAny>(token, &self.key, &validation).map(drop)
    }

    /// Whether it cannot read the header for the sake of a parameter that jwt-auth does not look at (RFC 7515,
    /// section 4): a `jwk` that is no key, say.
    pub fn stumbles_over(token: &str, header: &Members) -> bool {
        let looked_at = ["alg", "typ", "kid", "crit"];
        decode_header(token).is_err() && header.names().any(|name| !looked_at.contains(&name))
    }
}

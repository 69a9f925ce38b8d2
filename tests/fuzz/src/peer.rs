//! jsonwebtoken, configured with the same rules as jwt-auth as far as possible. It must accept every token that jwt-auth
//! accepts.

use jsonwebtoken::errors::Result;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, get_current_timestamp};
use serde::de::IgnoredAny;

use crate::{AUDIENCE, LEEWAY, Members, NOW, TestKey};

/// The verifier that jwt-auth is compared with.
pub struct Peer {
    key: DecodingKey,
    validation: Validation,
}

impl Peer {
    /// Creates a verifier for tokens of this issuer, with the test key of this algorithm.
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
        // The clock of jsonwebtoken cannot be set, so the difference between the clocks is added to the leeway.
        let ahead = NOW - get_current_timestamp();
        validation.leeway = ahead + LEEWAY;
        validation.reject_tokens_expiring_in_less_than = 2 * ahead;
        decode::<IgnoredAny>(token, &self.key, &validation).map(drop)
    }

    /// Whether jsonwebtoken cannot read the header because of a parameter that jwt-auth ignores (RFC 7515, section 4), such
    /// as a `jwk` that is not a key.
    pub fn stumbles_over(token: &str, header: &Members) -> bool {
        let relevant = ["alg", "typ", "kid", "crit"];
        decode_header(token).is_err() && header.names().any(|name| !relevant.contains(&name))
    }
}

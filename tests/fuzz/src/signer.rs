//! A signer for any header and payload.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::sign;
use jsonwebtoken::{Algorithm, EncodingKey};

use crate::TestKey;

/// The test key of an algorithm, for signing with jsonwebtoken.
pub struct Signer {
    algorithm: Algorithm,
    key: EncodingKey,
}

impl Signer {
    pub fn new(algorithm: Algorithm) -> Self {
        Self { algorithm, key: TestKey::of(algorithm).encoding() }
    }

    /// Signs a token with any header and any payload.
    pub fn sign(&self, header: &[u8], payload: &[u8]) -> String {
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let signature = sign(message.as_bytes(), &self.key, self.algorithm).expect("the key signs");
        format!("{message}.{signature}")
    }
}

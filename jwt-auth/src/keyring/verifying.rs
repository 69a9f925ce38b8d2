//! A key that verifies, prepared once and bound to one algorithm.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::ParsedPublicKey;
use jsonwebtoken::Algorithm;

use super::algorithm::{ED25519_NAME, name};
use super::jwks::PublicJwk;
use crate::jws::Headers;

/// A public key or a secret, with the headers of the tokens that it verifies.
pub(crate) struct VerifyingKey {
    key: PublicKey,
    algorithm: String,
    kid: Option<String>,
    headers: Headers,
    jwk: Option<PublicJwk>,
}

pub(super) enum PublicKey {
    Hmac(Box<hmac::Key>),
    Asymmetric(ParsedPublicKey),
}

impl VerifyingKey {
    pub(super) fn new(
        key: PublicKey,
        algorithm: Algorithm,
        kid: Option<String>,
        jwk: Option<PublicJwk>,
    ) -> Self {
        let algorithm = name(algorithm);
        Self { key, headers: Headers::new(&algorithm, kid.as_deref()), algorithm, kid, jwk }
    }

    /// Returns the only `alg` that a token of this key may name (RFC 8725, section 3.1).
    pub(crate) fn algorithm(&self) -> &str {
        &self.algorithm
    }

    /// Returns whether a token of this key may name this `alg`.
    pub(crate) fn is_for(&self, alg: Option<&str>) -> bool {
        match alg {
            Some(ED25519_NAME) => self.algorithm == name(Algorithm::EdDSA),
            alg => alg == Some(&self.algorithm),
        }
    }

    /// Returns the name of this key: its `kid`, or by default the thumbprint of a public key (RFC 7638). A secret has
    /// no default name, because a hash would reveal something about it (RFC 7638, section 7).
    pub(crate) fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Returns the public key, unless it is a secret.
    pub(crate) fn jwk(&self) -> Option<&PublicJwk> {
        self.jwk.as_ref()
    }

    /// Returns the encoded headers of the app's own tokens, which identify them without parsing.
    pub(crate) fn headers(&self) -> &Headers {
        &self.headers
    }

    /// Returns whether this key signed the message.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.key {
            PublicKey::Hmac(key) => hmac::verify(key, message, signature).is_ok(),
            PublicKey::Asymmetric(key) => key.verify_sig(message, signature).is_ok(),
        }
    }
}

//! A key that signs. It is parsed once; `jsonwebtoken::encode` would parse it for every token.

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, KeyPair, RsaEncoding, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::jws::{Headers, TokenType};

/// A private key or a secret, with the headers of the tokens that it signs.
pub(crate) struct SigningKey {
    key: PrivateKey,
    headers: Headers,
}

pub(super) enum PrivateKey {
    Hmac(Box<hmac::Key>),
    Rsa(RsaKeyPair, &'static dyn RsaEncoding),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl SigningKey {
    pub(super) fn new(key: PrivateKey, headers: Headers) -> Self {
        Self { key, headers }
    }

    /// Returns the encoded header for a type of token.
    pub(crate) fn header(&self, token_type: TokenType) -> &str {
        self.headers.of(token_type)
    }

    /// Returns a whole token with this encoded header, in the compact serialization of RFC 7515, section 7.1.
    pub(crate) fn sign(&self, header: &str, payload: &[u8]) -> Result<String, Unspecified> {
        // An HMAC takes at most 86 characters. For other signatures, growing the string costs little in comparison.
        let mut token = String::with_capacity(header.len() + 4 * payload.len().div_ceil(3) + 88);
        token.push_str(header);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(payload, &mut token);
        let signature = self.key.sign(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }
}

impl PrivateKey {
    /// Returns the public key, which is empty for a secret.
    pub(super) fn public(&self) -> Vec<u8> {
        match self {
            Self::Rsa(key, _) => key.public_key().as_ref().to_vec(),
            Self::Ec(key) => key.public_key().as_ref().to_vec(),
            Self::Ed(key) => key.public_key().as_ref().to_vec(),
            Self::Hmac(_) => Vec::new(),
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let random = SystemRandom::new();
        Ok(match self {
            Self::Hmac(key) => hmac::sign(key, message).as_ref().to_vec(),
            Self::Rsa(key, encoding) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(*encoding, &random, message, &mut signature)?;
                signature
            }
            Self::Ec(key) => key.sign(&random, message)?.as_ref().to_vec(),
            Self::Ed(key) => key.try_sign(message)?.as_ref().to_vec(),
        })
    }
}

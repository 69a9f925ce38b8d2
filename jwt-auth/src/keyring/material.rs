//! Key material for one algorithm, from PEM, a JWK or a secret.

use std::collections::HashSet;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::signature::{
    ED25519, EcdsaKeyPair, Ed25519KeyPair, ParsedPublicKey, RsaKeyPair, RsaPublicKeyComponents,
};
use aws_lc_rs::{hmac, rsa};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use pem::parse_many;
use zeroize::Zeroizing;

use super::algorithm::{Scheme, name};
use super::jwks::{Parameters, PublicJwk};
use super::signing::PrivateKey;
use super::verifying::{PublicKey, VerifyingKey};

/// A secret, a key pair, or a public key.
pub(super) enum KeyMaterial {
    Secret(Box<hmac::Key>),
    Pair(PrivateKey),
    Public(Vec<u8>),
}

impl KeyMaterial {
    /// Returns the verifying key, and the signing key if there is one. Returns `None` if the algorithm needs another
    /// type of key, or if the key is too weak.
    pub(super) fn keys(
        self,
        algorithm: Algorithm,
        scheme: &Scheme,
        kid: Option<String>,
    ) -> Option<(VerifyingKey, Option<PrivateKey>)> {
        let (public, private) = match self {
            Self::Secret(key) => {
                let verifying = VerifyingKey::new(PublicKey::Hmac(key.clone()), algorithm, kid, None);
                return Some((verifying, Some(PrivateKey::Hmac(key))));
            }
            Self::Pair(private) => (private.public(), Some(private)),
            Self::Public(public) => (public, None),
        };
        let (parameters, verify) = match scheme {
            Scheme::Hmac(_) => return None,
            Scheme::Rsa { verify, .. } => (rsa_parameters(&public), *verify),
            Scheme::Ec { verify, .. } => (Parameters::ec(&public), *verify),
            Scheme::Ed => (Some(Parameters::okp(&public)), &ED25519 as _),
        };
        let parsed = ParsedPublicKey::new(verify, &public).ok()?;
        let jwk = PublicJwk::new(parameters?, name(algorithm), kid);
        let kid = Some(jwk.kid().to_owned());
        Some((VerifyingKey::new(PublicKey::Asymmetric(parsed), algorithm, kid, Some(jwk)), private))
    }
}

/// Parses a private key in PEM: PKCS#8, PKCS#1 for RSA, SEC1 for elliptic curves.
pub(super) fn private_from_pem(scheme: &Scheme, text: &str) -> Option<PrivateKey> {
    let text = key_block(text, &["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"])?;
    let text = text.as_bytes();
    match scheme {
        Scheme::Hmac(_) => None,
        Scheme::Rsa { sign, .. } => {
            let der = EncodingKey::from_rsa_pem(text).ok()?;
            Some(PrivateKey::Rsa(RsaKeyPair::from_der(der.as_bytes()).ok()?, *sign))
        }
        Scheme::Ec { sign, .. } => {
            let key = pem::parse(text).ok()?;
            Some(PrivateKey::Ec(EcdsaKeyPair::from_private_key_der(sign, key.contents()).ok()?))
        }
        Scheme::Ed => {
            let der = EncodingKey::from_ed_pem(text).ok()?;
            Some(PrivateKey::Ed(Ed25519KeyPair::from_pkcs8(der.as_bytes()).ok()?))
        }
    }
}

/// Parses a public key in PEM.
pub(super) fn public_from_pem(scheme: &Scheme, text: &str) -> Option<Vec<u8>> {
    let block = key_block(text, &["PUBLIC KEY", "RSA PUBLIC KEY"]);
    let text = block.as_ref().map_or(text, |block| block.as_str()).as_bytes();
    let key = match scheme {
        Scheme::Hmac(_) => return None,
        Scheme::Rsa { .. } => DecodingKey::from_rsa_pem(text),
        Scheme::Ec { .. } => DecodingKey::from_ec_pem(text),
        Scheme::Ed => DecodingKey::from_ed_pem(text),
    };
    Some(key.ok()?.try_get_as_bytes().ok()?.to_vec())
}

/// Returns the first key with one of these labels. Other things may come before it: the parameters of a curve, which OpenSSL
/// writes, or certificates.
fn key_block(text: &str, labels: &[&str]) -> Option<Zeroizing<String>> {
    let blocks = parse_many(text).ok()?;
    let key = blocks.iter().find(|block| labels.contains(&block.tag()))?;
    Some(Zeroizing::new(pem::encode(key)))
}

/// Builds an RSA public key from its modulus and exponent.
pub(super) fn rsa_public(modulus: &[u8], exponent: &[u8]) -> Option<Vec<u8>> {
    let der = RsaPublicKeyComponents { n: modulus, e: exponent }.as_der().ok()?;
    Some(rsa::PublicKey::from_der(der.as_ref()).ok()?.as_ref().to_vec())
}

/// Returns the parameters of a public key, or `None` if it is too short. The crypto library checks the length only when
/// the key verifies a signature.
fn rsa_parameters(public: &[u8]) -> Option<Parameters> {
    let key = rsa::PublicKey::from_der(public).ok()?;
    let modulus = key.modulus().big_endian_without_leading_zero();
    let exponent = key.exponent().big_endian_without_leading_zero();
    (modulus.len() * 8 >= 2048).then(|| Parameters::rsa(modulus, exponent))
}

/// Builds a key from a secret.
///
/// # Errors
///
/// The secret is too short.
pub(super) fn secret(
    secret: &[u8],
    hash: hmac::Algorithm,
    algorithm: Algorithm,
) -> Result<hmac::Key, String> {
    let size = hash.digest_algorithm().output_len();
    let text = std::str::from_utf8(secret)
        .ok()
        .filter(|text| !text.chars().any(|c| c.is_control() && !c.is_whitespace()));
    // White space at the ends is no secret.
    let length = text.map_or(secret.len(), |text| text.trim().len());
    if length < size {
        let needed = format!("{} needs at least {size} (RFC 7518, section 3.2)", name(algorithm));
        return Err(format!("has {length} bytes; {needed}"));
    }
    if let Some(text) = text {
        if is_placeholder(text) {
            return Err("is a placeholder that anyone could guess".to_owned());
        }
        if length < text.len() {
            log::warn!(
                "jwt-auth: a secret begins or ends with white space, which belongs to it: another service that removes the \
                 white space has another secret"
            );
        }
    }
    Ok(hmac::Key::new(hash, secret))
}

/// Returns whether a text is long, but easy to guess.
fn is_placeholder(text: &str) -> bool {
    let letters: String =
        text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let distinct: HashSet<char> = letters.chars().collect();
    distinct.len() < 3
        || ["changeme", "changethis", "placeholder", "yoursecret"].iter().any(|word| letters.contains(word))
}

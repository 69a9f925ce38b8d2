//! The test keys of all algorithms. `tests/keys/README.md` describes how the files were created.

use jsonwebtoken::Algorithm::{self, *};
use jsonwebtoken::{DecodingKey, EncodingKey};

/// The PEM files.
pub mod pem {
    /// RSA with 2048 bits, PKCS#8.
    pub const RSA_2048: &str = include_str!("../keys/rsa2048.pem");
    /// Its public half.
    pub const RSA_2048_PUBLIC: &str = include_str!("../keys/rsa2048.pub.pem");
    /// The same key, PKCS#1.
    pub const RSA_2048_PKCS1: &str = include_str!("../keys/rsa2048.pkcs1.pem");
    /// Its public half, PKCS#1.
    pub const RSA_2048_PKCS1_PUBLIC: &str = include_str!("../keys/rsa2048.pkcs1.pub.pem");
    /// RSA with 1024 bits, PKCS#8: too short.
    pub const RSA_1024: &str = include_str!("../keys/rsa1024.pem");
    /// Its public half.
    pub const RSA_1024_PUBLIC: &str = include_str!("../keys/rsa1024.pub.pem");
    /// P-256, PKCS#8.
    pub const P256: &str = include_str!("../keys/p256.pem");
    /// Its public half.
    pub const P256_PUBLIC: &str = include_str!("../keys/p256.pub.pem");
    /// The same key, SEC1.
    pub const P256_SEC1: &str = include_str!("../keys/p256.sec1.pem");
    /// P-384, PKCS#8.
    pub const P384: &str = include_str!("../keys/p384.pem");
    /// Its public half.
    pub const P384_PUBLIC: &str = include_str!("../keys/p384.pub.pem");
    /// Ed25519, PKCS#8.
    pub const ED25519: &str = include_str!("../keys/ed25519.pem");
    /// Its public half.
    pub const ED25519_PUBLIC: &str = include_str!("../keys/ed25519.pub.pem");
}

/// The same keys as JWKs, with their private members.
pub mod jwk {
    /// RSA with 2048 bits.
    pub const RSA_2048: &str = include_str!("../keys/rsa2048.jwk.json");
    /// P-256.
    pub const P256: &str = include_str!("../keys/p256.jwk.json");
    /// P-384.
    pub const P384: &str = include_str!("../keys/p384.jwk.json");
    /// Ed25519.
    pub const ED25519: &str = include_str!("../keys/ed25519.jwk.json");
}

/// All algorithms that can be configured.
pub const ALGORITHMS: [Algorithm; 12] =
    [HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA];

/// The key that the test apps use for an algorithm.
#[derive(Clone, Copy)]
pub struct TestKey {
    /// The algorithm of the key.
    pub algorithm: Algorithm,
    /// The setting for the key.
    pub setting: &'static str,
    /// The secret or the private key.
    pub private: &'static str,
    /// The secret or the public key.
    pub public: &'static str,
}

impl TestKey {
    /// A secret that is long enough for HS512.
    pub const SECRET: &'static str = "a-secret-of-the-tests-that-everybody-may-know-0123456789-abcdefgh";

    /// Returns the test key for this algorithm.
    pub fn of(algorithm: Algorithm) -> Self {
        let (setting, private, public) = match algorithm {
            HS256 | HS384 | HS512 => ("secret", Self::SECRET, Self::SECRET),
            ES256 => ("private_key", pem::P256, pem::P256_PUBLIC),
            ES384 => ("private_key", pem::P384, pem::P384_PUBLIC),
            EdDSA => ("private_key", pem::ED25519, pem::ED25519_PUBLIC),
            _ => ("private_key", pem::RSA_2048, pem::RSA_2048_PUBLIC),
        };
        Self { algorithm, setting, private, public }
    }

    /// Returns a key of the same kind that the apps do not have.
    pub fn of_attacker(algorithm: Algorithm) -> Self {
        let private = match algorithm {
            HS256 => "the-secret-of-the-attacker-which-is-long-enough-to-be-a-valid-one",
            ES256 => include_str!("../keys/p256.attacker.pem"),
            EdDSA => include_str!("../keys/ed25519.attacker.pem"),
            RS256 => include_str!("../keys/rsa2048.attacker.pem"),
            other => panic!("the attacker has no key for {other:?}"),
        };
        Self { private, ..Self::of(algorithm) }
    }

    /// Returns the key for signing with jsonwebtoken.
    pub fn encoding(&self) -> EncodingKey {
        let pem = self.private.as_bytes();
        match self.algorithm {
            HS256 | HS384 | HS512 => Ok(EncodingKey::from_secret(pem)),
            ES256 | ES384 => EncodingKey::from_ec_pem(pem),
            EdDSA => EncodingKey::from_ed_pem(pem),
            _ => EncodingKey::from_rsa_pem(pem),
        }
        .expect("a test key fits its algorithm")
    }

    /// Returns the key for verifying with jsonwebtoken.
    pub fn decoding(&self) -> DecodingKey {
        let pem = self.public.as_bytes();
        match self.algorithm {
            HS256 | HS384 | HS512 => Ok(DecodingKey::from_secret(pem)),
            ES256 | ES384 => DecodingKey::from_ec_pem(pem),
            EdDSA => DecodingKey::from_ed_pem(pem),
            _ => DecodingKey::from_rsa_pem(pem),
        }
        .expect("a test key fits its algorithm")
    }
}

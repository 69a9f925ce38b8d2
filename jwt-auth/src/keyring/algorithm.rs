//! The algorithms of RFC 7518, section 3, mapped to those of the crypto library.

use aws_lc_rs::{hmac, signature};
use jsonwebtoken::Algorithm;

/// An algorithm of the crypto library, by the type of its key.
pub(super) enum Scheme {
    Hmac(hmac::Algorithm),
    Rsa {
        sign: &'static dyn signature::RsaEncoding,
        verify: &'static dyn signature::VerificationAlgorithm,
    },
    Ec {
        sign: &'static signature::EcdsaSigningAlgorithm,
        verify: &'static dyn signature::VerificationAlgorithm,
    },
    Ed,
}

/// Returns the algorithm of the crypto library, or `None` for one that a later version of `jsonwebtoken` adds.
pub(super) fn scheme(algorithm: Algorithm) -> Option<Scheme> {
    use signature::*;
    Some(match algorithm {
        Algorithm::HS256 => Scheme::Hmac(hmac::HMAC_SHA256),
        Algorithm::HS384 => Scheme::Hmac(hmac::HMAC_SHA384),
        Algorithm::HS512 => Scheme::Hmac(hmac::HMAC_SHA512),
        Algorithm::RS256 => Scheme::Rsa { sign: &RSA_PKCS1_SHA256, verify: &RSA_PKCS1_2048_8192_SHA256 },
        Algorithm::RS384 => Scheme::Rsa { sign: &RSA_PKCS1_SHA384, verify: &RSA_PKCS1_2048_8192_SHA384 },
        Algorithm::RS512 => Scheme::Rsa { sign: &RSA_PKCS1_SHA512, verify: &RSA_PKCS1_2048_8192_SHA512 },
        Algorithm::PS256 => Scheme::Rsa { sign: &RSA_PSS_SHA256, verify: &RSA_PSS_2048_8192_SHA256 },
        Algorithm::PS384 => Scheme::Rsa { sign: &RSA_PSS_SHA384, verify: &RSA_PSS_2048_8192_SHA384 },
        Algorithm::PS512 => Scheme::Rsa { sign: &RSA_PSS_SHA512, verify: &RSA_PSS_2048_8192_SHA512 },
        Algorithm::ES256 => {
            Scheme::Ec { sign: &ECDSA_P256_SHA256_FIXED_SIGNING, verify: &ECDSA_P256_SHA256_FIXED }
        }
        Algorithm::ES384 => {
            Scheme::Ec { sign: &ECDSA_P384_SHA384_FIXED_SIGNING, verify: &ECDSA_P384_SHA384_FIXED }
        }
        Algorithm::EdDSA => Scheme::Ed,
        _ => return None,
    })
}

/// The second name of EdDSA with an Ed25519 key, which all keys for EdDSA are here (RFC 9864, section 2.2).
pub(super) const ED25519_NAME: &str = "Ed25519";

/// Returns the `alg` of a header (RFC 7515, section 4.1.1).
pub(super) fn name(algorithm: Algorithm) -> String {
    format!("{algorithm:?}")
}

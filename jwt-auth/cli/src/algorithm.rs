//! The algorithms for which keys can be generated, and how keys are generated.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    RsaKeyPair,
};
use aws_lc_rs::{rand, signature};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::ValueEnum;
use pem::Pem;

use crate::failure::Failure;

/// The algorithms of RFC 7518, section 3.1, and RFC 8037, section 3.1, that the library supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Algorithm {
    Hs256,
    Hs384,
    Hs512,
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
    #[value(name = "eddsa")]
    EdDsa,
}

/// A key in the form that the settings take.
pub(crate) enum Key {
    /// `base64:…`, with as many bytes as the hash.
    Secret(String),
    /// PKCS#8 in PEM.
    Private(String),
}

impl Algorithm {
    /// Returns the name of the algorithm, as used in tokens and in the settings.
    pub(crate) fn name(self) -> String {
        match self {
            Self::EdDsa => "EdDSA".to_owned(),
            other => format!("{other:?}").to_uppercase(),
        }
    }

    /// Returns whether the algorithm signs with RSA keys, which have different sizes.
    pub(crate) fn is_rsa(self) -> bool {
        matches!(self, Self::Rs256 | Self::Rs384 | Self::Rs512 | Self::Ps256 | Self::Ps384 | Self::Ps512)
    }

    /// Generates a key from the randomness of the system.
    pub(crate) fn make(self, bits: RsaBits) -> Result<Key, Failure> {
        match self {
            Self::Hs256 => secret(32),
            Self::Hs384 => secret(48),
            Self::Hs512 => secret(64),
            Self::Es256 => ec(&ECDSA_P256_SHA256_FIXED_SIGNING),
            Self::Es384 => ec(&ECDSA_P384_SHA384_FIXED_SIGNING),
            Self::EdDsa => {
                // Version 1 of the format (RFC 8410, section 7), because OpenSSL, Node and Python do not read version 2.
                let key = Ed25519KeyPair::generate_pkcs8v1(&rand::SystemRandom::new()).map_err(failed)?;
                Ok(private(key.as_ref()))
            }
            _ => {
                let key = RsaKeyPair::generate(bits.size()).map_err(failed)?;
                let der: Pkcs8V1Der<'_> = key.as_der().map_err(failed)?;
                Ok(private(der.as_ref()))
            }
        }
    }
}

/// The size of an RSA key. Shorter keys are rejected (RFC 7518, section 3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RsaBits {
    #[value(name = "2048")]
    Bits2048,
    #[value(name = "3072")]
    Bits3072,
    #[value(name = "4096")]
    Bits4096,
}

impl RsaBits {
    fn size(self) -> KeySize {
        match self {
            Self::Bits2048 => KeySize::Rsa2048,
            Self::Bits3072 => KeySize::Rsa3072,
            Self::Bits4096 => KeySize::Rsa4096,
        }
    }
}

fn secret(size: usize) -> Result<Key, Failure> {
    let mut bytes = vec![0; size];
    rand::fill(&mut bytes).map_err(failed)?;
    Ok(Key::Secret(format!("base64:{}", STANDARD.encode(bytes))))
}

fn ec(algorithm: &'static signature::EcdsaSigningAlgorithm) -> Result<Key, Failure> {
    let key = EcdsaKeyPair::generate_pkcs8(algorithm, &rand::SystemRandom::new()).map_err(failed)?;
    Ok(private(key.as_ref()))
}

fn private(der: &[u8]) -> Key {
    Key::Private(pem::encode(&Pem::new("PRIVATE KEY", der)).replace("\r\n", "\n"))
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::Key(error.into())
}

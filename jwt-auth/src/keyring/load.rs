//! From settings to keys. Whatever is too weak or does not fit is refused here, at launch.

use aws_lc_rs::signature::{
    ED25519, EcdsaKeyPair, Ed25519KeyPair, KeyPair, ParsedPublicKey, RsaKeyPair, VerificationAlgorithm,
};
use aws_lc_rs::{hmac, rand, rsa};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};

use super::Keyring;
use super::algorithm::{Scheme, name, scheme};
use super::jwks::{Parameters, PublicJwk};
use super::signing::{PrivateKey, SigningKey};
use super::verifying::{PublicKey, VerifyingKey};
use crate::config::Settings;
use crate::error::StartupError;

/// Makes the keyring. `ephemeral` says that an app without any key may sign with one made up now.
pub(crate) fn load(settings: &Settings, ephemeral: bool) -> Result<Keyring, StartupError> {
    let algorithm = settings.algorithm;
    match scheme(algorithm) {
        Some(Scheme::Hmac(hash)) => {
            if settings.private_key.is_some() || settings.public_key.is_some() {
                let problem =
                    format!("is {}, which signs with a secret, but a PEM key is set", name(algorithm));
                return Err(StartupError::setting("algorithm", problem, "algorithm = \"ES256\""));
            }
            from_secret(settings, hash, ephemeral)
        }
        Some(Scheme::Rsa { sign, verify }) => from_pem(
            settings,
            |pem| {
                let der = EncodingKey::from_rsa_pem(pem).map_err(drop)?;
                RsaKeyPair::from_der(der.as_bytes()).map(|key| PrivateKey::Rsa(key, sign)).map_err(drop)
            },
            |pem| {
                Ok(DecodingKey::from_rsa_pem(pem).map_err(drop)?.try_get_as_bytes().map_err(drop)?.to_vec())
            },
            |bytes| {
                let key = rsa::PublicKey::from_der(bytes).ok()?;
                let modulus = key.modulus().big_endian_without_leading_zero();
                let exponent = key.exponent().big_endian_without_leading_zero();
                // The library looks at the length of a public key when it verifies, not before.
                (modulus.len() * 8 >= 2048).then(|| Parameters::rsa(modulus, exponent))
            },
            verify,
        ),
        Some(Scheme::Ec { sign, verify }) => from_pem(
            settings,
            |pem| {
                let der = EncodingKey::from_ec_pem(pem).map_err(drop)?;
                EcdsaKeyPair::from_pkcs8(sign, der.as_bytes()).map(PrivateKey::Ec).map_err(drop)
            },
            |pem| Ok(DecodingKey::from_ec_pem(pem).map_err(drop)?.try_get_as_bytes().map_err(drop)?.to_vec()),
            Parameters::ec,
            verify,
        ),
        Some(Scheme::Ed) => from_pem(
            settings,
            |pem| {
                let der = EncodingKey::from_ed_pem(pem).map_err(drop)?;
                Ed25519KeyPair::from_pkcs8(der.as_bytes()).map(PrivateKey::Ed).map_err(drop)
            },
            |pem| Ok(DecodingKey::from_ed_pem(pem).map_err(drop)?.try_get_as_bytes().map_err(drop)?.to_vec()),
            |bytes| Some(Parameters::okp(bytes)),
            &ED25519,
        ),
        None => Err(StartupError::setting("algorithm", "is not supported", "algorithm = \"HS256\"")),
    }
}

fn from_secret(settings: &Settings, hash: hmac::Algorithm, ephemeral: bool) -> Result<Keyring, StartupError> {
    let size = hash.digest_algorithm().output_len();
    let key = match &settings.secret {
        Some(secret) if secret.expose().len() < size => {
            return Err(StartupError::setting(
                "secret",
                format!(
                    "has {} bytes; {} needs at least {size} (RFC 7518, section 3.2)",
                    secret.expose().len(),
                    name(settings.algorithm)
                ),
                &format!("secret = \"base64:…\", from `openssl rand -base64 {size}`"),
            ));
        }
        Some(secret) => hmac::Key::new(hash, secret.expose()),
        None if ephemeral => {
            log::warn!(
                "jwt-auth: no secret is configured, so one was made up: tokens end with this process. \
                 Set `secret` in [default.jwt_auth] or JWT_SECRET_KEY; outside the debug profile the launch stops here."
            );
            hmac::Key::generate(hash, &rand::SystemRandom::new()).map_err(|_| {
                StartupError::setting("secret", "is not set, and none could be made up", "secret = \"…\"")
            })?
        }
        None => return Err(StartupError::MissingSecret),
    };
    let verifying = VerifyingKey::new(PublicKey::Hmac(Box::new(key.clone())), settings.algorithm, None);
    let signing = SigningKey::new(PrivateKey::Hmac(Box::new(key)), verifying.headers().clone());
    Ok(Keyring { signing: Some(signing), verifying: vec![verifying] })
}

fn from_pem(
    settings: &Settings,
    read_private: impl FnOnce(&[u8]) -> Result<PrivateKey, ()>,
    read_public: impl FnOnce(&[u8]) -> Result<Vec<u8>, ()>,
    parameters: impl FnOnce(&[u8]) -> Option<Parameters>,
    verify: &'static dyn VerificationAlgorithm,
) -> Result<Keyring, StartupError> {
    let algorithm = settings.algorithm;
    let private = match &settings.private_key {
        Some(pem) => {
            Some(read_private(pem.expose().as_bytes()).map_err(|()| unfit("private_key", algorithm))?)
        }
        None => None,
    };
    let given = match &settings.public_key {
        Some(pem) => Some(read_public(pem.as_bytes()).map_err(|()| unfit("public_key", algorithm))?),
        None => None,
    };
    let public = match (private.as_ref().map(public_part), given) {
        (Some(own), Some(given)) if own != given => {
            return Err(StartupError::setting(
                "public_key",
                "is not the other half of `private_key`",
                "leave it out: the private key holds it",
            ));
        }
        (Some(public), _) | (None, Some(public)) => public,
        (None, None) => return Err(missing(algorithm)),
    };

    let which = if private.is_some() { "private_key" } else { "public_key" };
    let parsed = ParsedPublicKey::new(verify, &public).map_err(|_| unfit(which, algorithm))?;
    let parameters = parameters(&public).ok_or_else(|| unfit(which, algorithm))?;
    let jwk = PublicJwk::new(parameters, name(algorithm));
    let verifying = VerifyingKey::new(PublicKey::Asymmetric(parsed), algorithm, Some(jwk));
    let signing = private.map(|key| SigningKey::new(key, verifying.headers().clone()));
    Ok(Keyring { signing, verifying: vec![verifying] })
}

fn public_part(key: &PrivateKey) -> Vec<u8> {
    match key {
        PrivateKey::Rsa(key, _) => key.public_key().as_ref().to_vec(),
        PrivateKey::Ec(key) => key.public_key().as_ref().to_vec(),
        PrivateKey::Ed(key) => key.public_key().as_ref().to_vec(),
        PrivateKey::Hmac(_) => Vec::new(),
    }
}

fn missing(algorithm: Algorithm) -> StartupError {
    let (what, example) = recipe(algorithm);
    StartupError::setting(
        "private_key",
        format!("is not set, and {} needs {what}", name(algorithm)),
        &example,
    )
}

fn unfit(key: &str, algorithm: Algorithm) -> StartupError {
    let (what, example) = recipe(algorithm);
    let example = match key {
        "public_key" => "`openssl pkey -in private.pem -pubout -out public.pem`".to_owned(),
        _ => example,
    };
    StartupError::setting(key, format!("is not PEM of what {} needs: {what}", name(algorithm)), &example)
}

/// The private key that an algorithm needs, and a command that makes one.
fn recipe(algorithm: Algorithm) -> (&'static str, String) {
    let (what, options) = match algorithm {
        Algorithm::ES256 => ("a P-256 key in PKCS#8", "EC -pkeyopt ec_paramgen_curve:P-256"),
        Algorithm::ES384 => ("a P-384 key in PKCS#8", "EC -pkeyopt ec_paramgen_curve:P-384"),
        Algorithm::EdDSA => ("an Ed25519 key in PKCS#8", "ed25519"),
        _ => ("an RSA key of 2048 bits or more", "RSA -pkeyopt rsa_keygen_bits:2048"),
    };
    (
        what,
        format!(
            "private_key = \"private.pem\", from `openssl genpkey -algorithm {options} -out private.pem`"
        ),
    )
}

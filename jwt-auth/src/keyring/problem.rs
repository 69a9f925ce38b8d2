//! Errors about key settings, which say how to generate a suitable key.

use jsonwebtoken::Algorithm;

use super::algorithm::name;
use crate::config::{KeyEncoding, KeySetting};
use crate::error::StartupError;

pub(super) fn unsupported(setting: &KeySetting) -> StartupError {
    setting.error("algorithm", "is not supported", "algorithm = \"HS256\"")
}

pub(super) fn missing(algorithm: Algorithm) -> StartupError {
    let (what, example) = recipe(algorithm);
    StartupError::setting(
        "private_key",
        format!("is not set, but {} needs {what}", name(algorithm)),
        &example,
    )
}

/// `found`: what the setting contains instead.
pub(super) fn unfit(setting: &KeySetting, algorithm: Algorithm, found: Option<&str>) -> StartupError {
    let (what, example) = recipe(algorithm);
    let found = instead(what, found);
    let problem = |form: &str| format!("is not the {form}key that {} needs: {what}{found}", name(algorithm));
    match &setting.encoding {
        KeyEncoding::Secret(_) | KeyEncoding::SecretFile(_) => unsupported(setting),
        KeyEncoding::Pem { private: Some(_), .. } => setting.error("private_key", problem("PEM "), &example),
        KeyEncoding::Pem { .. } => unfit_public(setting, algorithm, None),
        KeyEncoding::Jwk(_) => setting.error("jwk", problem(""), "jwk = \"key.json\""),
        KeyEncoding::Jwks(_) => setting.error("jwks", problem(""), "jwks = \"keys.json\""),
    }
}

pub(super) fn unfit_public(setting: &KeySetting, algorithm: Algorithm, found: Option<&str>) -> StartupError {
    let what = recipe(algorithm).0;
    let found = instead(what, found);
    setting.error(
        "public_key",
        format!("is not the PEM key that {} needs: {what}{found}", name(algorithm)),
        "`openssl pkey -in private.pem -pubout -out public.pem`",
    )
}

/// Says what was found, unless that is what is needed. Then the key is too short or broken.
fn instead(needed: &str, found: Option<&str>) -> String {
    match found {
        Some(found) if !needed.starts_with(found) => format!(". It is {found}"),
        _ => String::new(),
    }
}

/// Returns a description of the key that an algorithm needs, and a setting with the command that generates one.
fn recipe(algorithm: Algorithm) -> (&'static str, String) {
    let (what, options) = match algorithm {
        Algorithm::ES256 => ("a P-256 key in PKCS#8 or SEC1", "EC -pkeyopt ec_paramgen_curve:P-256"),
        Algorithm::ES384 => ("a P-384 key in PKCS#8 or SEC1", "EC -pkeyopt ec_paramgen_curve:P-384"),
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

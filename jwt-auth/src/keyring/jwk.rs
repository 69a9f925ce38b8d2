//! Keys as JSON: a JWK (RFC 7517).

use aws_lc_rs::hmac;
use aws_lc_rs::rsa::KeyPairComponents;
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair, RsaPublicKeyComponents};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use serde::Deserialize;

use super::algorithm::{ED25519_NAME, Scheme, name, scheme};
use super::material::{KeyMaterial, rsa_public, secret};
use super::signing::PrivateKey;
use crate::config::Secret;

/// The problem of a key for another purpose.
pub(super) const NOT_FOR_SIGNATURES: &str = "is not for signatures";

/// The owner of a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyOwner {
    App,
    /// A trusted issuer, whose keys only verify. A secret in its JWK Set would be public, so a secret is accepted only
    /// if the settings contain it on its own.
    TrustedIssuer,
}

/// A parsed key, with its algorithm and its own name.
pub(super) struct ParsedKey {
    pub(super) algorithm: Algorithm,
    pub(super) material: KeyMaterial,
    pub(super) kid: Option<String>,
    /// Whether it may sign, provided that its material can.
    pub(super) signs: bool,
}

/// Parses one key. `algorithm` is the one that the settings name.
///
/// # Errors
///
/// The key cannot be used. The text describes the problem.
pub(super) fn jwk(text: &str, algorithm: Option<Algorithm>, owner: KeyOwner) -> Result<ParsedKey, String> {
    let jwk: Jwk = serde_json::from_str(without_bom(text))
        .map_err(|error| format!("is not a JWK: {}", without_value(&error)))?;
    jwk.parse(algorithm, owner)
}

/// The members that matter (RFC 7518, section 6; RFC 8037, section 2).
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    kid: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
    d: Option<Secret<String>>,
    p: Option<Secret<String>>,
    q: Option<Secret<String>>,
    dp: Option<Secret<String>>,
    dq: Option<Secret<String>>,
    qi: Option<Secret<String>>,
    k: Option<Secret<String>>,
}

impl Jwk {
    fn parse(self, algorithm: Option<Algorithm>, owner: KeyOwner) -> Result<ParsedKey, String> {
        if self.usage.as_deref().is_some_and(|usage| usage != "sig") {
            return Err(format!("{NOT_FOR_SIGNATURES}: its `use` is not \"sig\""));
        }
        let may = |op: &str| self.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|other| other == op));
        if !may("sign") && !may("verify") {
            return Err(format!(
                "{NOT_FOR_SIGNATURES}: its `key_ops` contain neither \"sign\" nor \"verify\""
            ));
        }
        let algorithm = self.algorithm(algorithm, owner)?;
        let unfit = || format!("is not the key that {} needs", name(algorithm));
        let scheme = scheme(algorithm).ok_or_else(unfit)?;
        let signs = may("sign");
        let material = match scheme {
            Scheme::Hmac(hash) => KeyMaterial::Secret(self.secret(hash, algorithm)?.into()),
            // A key that only verifies does not need its private half.
            _ if self.d.is_some() && signs && owner == KeyOwner::App => {
                KeyMaterial::Pair(self.private(&scheme).ok_or_else(unfit)?)
            }
            _ => KeyMaterial::Public(self.public(&scheme).ok_or_else(unfit)?),
        };
        Ok(ParsedKey { algorithm, material, kid: self.kid, signs })
    }

    /// Returns the algorithm of the settings or of the key. If both name one, they must agree.
    fn algorithm(&self, setting: Option<Algorithm>, owner: KeyOwner) -> Result<Algorithm, String> {
        let own = match &self.alg {
            None => None,
            Some(alg) if alg == ED25519_NAME => Some(Algorithm::EdDSA),
            Some(alg) => Some(
                alg.parse::<Algorithm>().map_err(|_| "is for an `alg` that is not supported".to_owned())?,
            ),
        };
        let by_type = match (self.kty.as_str(), self.crv.as_deref()) {
            ("EC", Some("P-256")) => Some(Algorithm::ES256),
            ("EC", Some("P-384")) => Some(Algorithm::ES384),
            ("OKP", Some("Ed25519")) => Some(Algorithm::EdDSA),
            // The default of OpenID Connect (Core, section 3.1.3.7).
            ("RSA", _) if owner == KeyOwner::TrustedIssuer => Some(Algorithm::RS256),
            ("RSA" | "oct", _) => None,
            _ => return Err("has a `kty` or a `crv` that is not supported".to_owned()),
        };
        if let (Some(curve), Some(of_curve), Some(named)) = (&self.crv, by_type, own.or(setting))
            && self.kty != "RSA"
            && of_curve != named
        {
            return Err(format!(
                "has the curve {curve:.20}, which is for {}, not for {}",
                name(of_curve),
                name(named)
            ));
        }
        match (own, setting) {
            (Some(own), Some(setting)) if own != setting => {
                Err(format!("is for {}, but `algorithm` is {}", name(own), name(setting)))
            }
            (own, setting) => own.or(setting).or(by_type).ok_or_else(|| {
                "does not name its algorithm: set `algorithm` next to it, or `alg` in it".to_owned()
            }),
        }
    }

    fn secret(&self, hash: hmac::Algorithm, algorithm: Algorithm) -> Result<hmac::Key, String> {
        let key = match (&self.k, self.kty.as_str()) {
            (Some(k), "oct") => secret_bytes(k),
            _ => None,
        };
        let key = key.ok_or_else(|| {
            format!("is not the key that {} needs: one with `kty` \"oct\"", name(algorithm))
        })?;
        secret(key.expose(), hash, algorithm)
    }

    fn public(&self, scheme: &Scheme) -> Option<Vec<u8>> {
        match (scheme, self.kty.as_str()) {
            (Scheme::Rsa { .. }, "RSA") => rsa_public(&number(&self.n)?, &number(&self.e)?),
            (Scheme::Ec { .. }, "EC") => self.point(),
            (Scheme::Ed, "OKP") => bytes(&self.x).filter(|x| x.len() == 32),
            _ => None,
        }
    }

    fn point(&self) -> Option<Vec<u8>> {
        let (x, y) = (bytes(&self.x)?, bytes(&self.y)?);
        (x.len() == y.len()).then(|| [vec![4], x, y].concat())
    }

    fn private(&self, scheme: &Scheme) -> Option<PrivateKey> {
        let d = secret_bytes(self.d.as_ref()?)?;
        match (scheme, self.kty.as_str()) {
            (Scheme::Rsa { sign, .. }, "RSA") => {
                let part = |part: &Option<Secret<String>>| secret_bytes(part.as_ref()?);
                let components = KeyPairComponents {
                    public_key: RsaPublicKeyComponents { n: number(&self.n)?, e: number(&self.e)? },
                    p: part(&self.p)?,
                    q: part(&self.q)?,
                    dP: part(&self.dp)?,
                    dQ: part(&self.dq)?,
                    qInv: part(&self.qi)?,
                    d,
                };
                Some(PrivateKey::Rsa(RsaKeyPair::from_components(&components).ok()?, *sign))
            }
            (Scheme::Ec { sign, .. }, "EC") => {
                let key = EcdsaKeyPair::from_private_key_and_public_key(sign, d.expose(), &self.point()?);
                Some(PrivateKey::Ec(key.ok()?))
            }
            (Scheme::Ed, "OKP") => {
                let key = Ed25519KeyPair::from_seed_and_public_key(d.expose(), &bytes(&self.x)?);
                Some(PrivateKey::Ed(key.ok()?))
            }
            _ => None,
        }
    }
}

fn bytes(text: &Option<String>) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.as_ref()?).ok()
}

/// Decodes a number. Some tools write a zero byte in front, although RFC 7518, section 2, does not permit it.
fn number(text: &Option<String>) -> Option<Vec<u8>> {
    let bytes = bytes(text)?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    Some(bytes[zeros..].to_vec())
}

fn secret_bytes(text: &Secret<String>) -> Option<Secret<Vec<u8>>> {
    URL_SAFE_NO_PAD.decode(text.expose()).ok().map(Secret::new)
}

/// Returns a text without the byte order mark that some editors write.
pub(super) fn without_bom(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// Returns the position of an error without quoting the text there, which could be a secret.
pub(super) fn without_value(error: &serde_json::Error) -> String {
    format!("line {}, column {}", error.line(), error.column())
}

//! Keys that are written as JSON: a JWK, and a JWK Set (RFC 7517). What they say of their use is believed.

use aws_lc_rs::hmac;
use aws_lc_rs::rsa::KeyPairComponents;
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair, RsaPublicKeyComponents};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::algorithm::{Scheme, name, scheme};
use super::halves::{Halves, rsa_public};
use super::signing::PrivateKey;
use crate::config::Secret;

/// More keys than an issuer has. What stands behind them is not looked at.
const MOST: usize = 64;

/// Whose keys these are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// The app's.
    App,
    /// Another issuer's, which are verified with and come from there. A secret would be one that everybody could
    /// read, so it counts only where the settings name it on its own.
    Other,
}

/// A key, the algorithm that it is for, and its own name.
pub(super) struct Named {
    pub(super) algorithm: Algorithm,
    pub(super) halves: Halves,
    pub(super) kid: Option<String>,
    /// Whether it may sign, if it can.
    pub(super) signs: bool,
}

/// Reads one key. `algorithm` is what the settings say that it is for.
///
/// # Errors
///
/// What is wrong with it.
pub(super) fn jwk(text: &str, algorithm: Option<Algorithm>, owner: Owner) -> Result<Named, String> {
    let jwk: Jwk =
        serde_json::from_str(text).map_err(|error| format!("is no JWK: {}", without_value(&error)))?;
    jwk.named(algorithm, owner)
}

/// Reads the keys of a set that can be used, and says what is wrong with the others. A set may hold keys of
/// kinds that are yet to be invented, so those do not matter (RFC 7517, section 5).
///
/// # Errors
///
/// It is no set, or there is no key in it that can be used.
pub(super) fn jwks(
    text: &str,
    algorithm: Option<Algorithm>,
    owner: Owner,
) -> Result<(Vec<Named>, Vec<String>), String> {
    #[derive(Deserialize)]
    struct Set<'a> {
        #[serde(borrow)]
        keys: Vec<&'a RawValue>,
    }

    let set: Set<'_> =
        serde_json::from_str(text).map_err(|error| format!("is no JWK Set: {}", without_value(&error)))?;
    let (mut named, mut skipped) = (Vec::<Named>::new(), Vec::new());
    for (number, key) in set.keys.iter().enumerate() {
        if number == MOST {
            skipped.push(format!("there are more than {MOST}: those from number {number} on were left out"));
            break;
        }
        match jwk(key.get(), algorithm, owner) {
            Ok(Named { halves: Halves::Secret(_), .. }) if owner == Owner::Other => {
                skipped.push(format!("number {number} is a secret, and those are not taken from a set"));
            }
            Ok(key) if key.kid.is_some() && named.iter().any(|other| other.kid == key.kid) => {
                skipped.push(format!("number {number} is called like one before it"));
            }
            Ok(key) => named.push(key),
            Err(problem) => skipped.push(format!("number {number} {problem}")),
        }
    }
    match named.is_empty() {
        true if skipped.is_empty() => Err("is an empty JWK Set".to_owned()),
        true => Err(format!("has no key that can be used: {}", skipped.join("; "))),
        false => Ok((named, skipped)),
    }
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
    fn named(self, algorithm: Option<Algorithm>, owner: Owner) -> Result<Named, String> {
        if self.usage.as_deref().is_some_and(|usage| usage != "sig") {
            return Err("is not for signatures: its `use` is not \"sig\"".to_owned());
        }
        let may = |op: &str| self.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|other| other == op));
        if !may("sign") && !may("verify") {
            return Err(
                "is not for signatures: its `key_ops` have neither \"sign\" nor \"verify\"".to_owned()
            );
        }
        let algorithm = self.algorithm(algorithm, owner)?;
        let unfit = || format!("is not what {} needs", name(algorithm));
        let scheme = scheme(algorithm).ok_or_else(unfit)?;
        let signs = may("sign");
        let halves = match scheme {
            Scheme::Hmac(hash) => Halves::Secret(self.secret(hash, algorithm)?.into()),
            // Who may only verify with it has no use for its private half.
            _ if self.d.is_some() && signs && owner == Owner::App => {
                Halves::Pair(self.private(&scheme).ok_or_else(unfit)?)
            }
            _ => Halves::Public(self.public(&scheme).ok_or_else(unfit)?),
        };
        Ok(Named { algorithm, halves, kid: self.kid, signs })
    }

    /// The algorithm of the settings, and that of the key, which is the same if there are both.
    fn algorithm(&self, setting: Option<Algorithm>, owner: Owner) -> Result<Algorithm, String> {
        let own = match &self.alg {
            None => None,
            Some(alg) => Some(
                alg.parse::<Algorithm>().map_err(|_| "is for an `alg` that is not supported".to_owned())?,
            ),
        };
        let by_type = match (self.kty.as_str(), self.crv.as_deref()) {
            ("EC", Some("P-256")) => Some(Algorithm::ES256),
            ("EC", Some("P-384")) => Some(Algorithm::ES384),
            ("OKP", Some("Ed25519")) => Some(Algorithm::EdDSA),
            // What OpenID Connect takes where nothing is said (Core, section 3.1.3.7).
            ("RSA", _) if owner == Owner::Other => Some(Algorithm::RS256),
            ("RSA" | "oct", _) => None,
            _ => return Err("is of a `kty` or a `crv` that is not supported".to_owned()),
        };
        match (own, setting) {
            (Some(own), Some(setting)) if own != setting => {
                Err(format!("is for {}, and `algorithm` is {}", name(own), name(setting)))
            }
            (own, setting) => own.or(setting).or(by_type).ok_or_else(|| {
                "does not say which algorithm it is for: set `algorithm` beside it, or `alg` in it".to_owned()
            }),
        }
    }

    fn secret(&self, hash: hmac::Algorithm, algorithm: Algorithm) -> Result<hmac::Key, String> {
        let key = match (&self.k, self.kty.as_str()) {
            (Some(k), "oct") => secret_bytes(k),
            _ => None,
        };
        let key =
            key.ok_or_else(|| format!("is not what {} needs: a key of `kty` \"oct\"", name(algorithm)))?;
        super::load::secret(key.expose(), hash, algorithm)
    }

    fn public(&self, scheme: &Scheme) -> Option<Vec<u8>> {
        match (scheme, self.kty.as_str()) {
            (Scheme::Rsa { .. }, "RSA") => rsa_public(&bytes(&self.n)?, &bytes(&self.e)?),
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
                    public_key: RsaPublicKeyComponents { n: bytes(&self.n)?, e: bytes(&self.e)? },
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

fn secret_bytes(text: &Secret<String>) -> Option<Secret<Vec<u8>>> {
    URL_SAFE_NO_PAD.decode(text.expose()).ok().map(Secret::new)
}

/// Where it went wrong, without what stood there: it could be a secret.
fn without_value(error: &serde_json::Error) -> String {
    format!("line {}, column {}", error.line(), error.column())
}

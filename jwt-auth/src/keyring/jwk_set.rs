//! Several keys as JSON: a JWK Set (RFC 7517, section 5).

use jsonwebtoken::Algorithm;
use serde::Deserialize;
use serde_json::value::RawValue;

#[cfg(feature = "remote")]
use super::algorithm::{name, scheme};
use super::jwk::{KeyOwner, ParsedKey, jwk, without_bom, without_value};
#[cfg(feature = "remote")]
use super::key::Key;
#[cfg(feature = "remote")]
use super::key_set::KeySet;
use super::material::KeyMaterial;

/// The maximum number of keys in a set, which is more than an issuer has. Further keys are ignored.
const MOST: usize = 64;

/// Parses a JWK Set. Returns the usable keys, and the problems of the others, which are ignored: a set may contain keys
/// of unknown types (RFC 7517, section 5).
///
/// # Errors
///
/// The text is not a JWK Set, or none of its keys is usable.
pub(super) fn jwks(
    text: &str,
    algorithm: Option<Algorithm>,
    owner: KeyOwner,
) -> Result<(Vec<ParsedKey>, Vec<String>), String> {
    #[derive(Deserialize)]
    struct Set<'a> {
        #[serde(borrow)]
        keys: Vec<&'a RawValue>,
    }

    let set: Set<'_> = serde_json::from_str(without_bom(text))
        .map_err(|error| format!("is not a JWK Set: {}", without_value(&error)))?;
    let (mut parsed, mut skipped) = (Vec::<ParsedKey>::new(), Vec::new());
    for (number, key) in set.keys.iter().enumerate() {
        if number == MOST {
            skipped.push(format!(
                "only the first {MOST} keys are used, so number {number} and all later ones were skipped"
            ));
            break;
        }
        match jwk(key.get(), algorithm, owner) {
            Ok(ParsedKey { material: KeyMaterial::Secret(_), .. }) if owner == KeyOwner::TrustedIssuer => {
                skipped.push(format!("number {number} is a secret, which a set must not contain"));
            }
            Ok(key) if owner == KeyOwner::App && is_duplicate(&key, &parsed) => {
                skipped.push(format!("number {number} has the same `kid` as an earlier key"));
            }
            Ok(key) => parsed.push(key),
            Err(problem) => skipped.push(format!("number {number} {problem}")),
        }
    }
    match parsed.is_empty() {
        true if skipped.is_empty() => Err("is an empty JWK Set".to_owned()),
        true => Err(format!("has no usable key: {}", skipped.join("; "))),
        false => Ok((parsed, skipped)),
    }
}

#[cfg(feature = "remote")]
impl KeySet {
    /// Parses the JWK Set that an issuer publishes. Also returns the problems of the keys that cannot be used.
    ///
    /// # Errors
    ///
    /// None of the keys can be used.
    pub(crate) fn published(text: &str, algorithm: Option<Algorithm>) -> Result<(Self, Vec<String>), String> {
        let (parsed, mut skipped) = jwks(text, algorithm, KeyOwner::TrustedIssuer)?;
        let mut keys = Vec::new();
        for ParsedKey { algorithm, material, kid, .. } in parsed {
            match scheme(algorithm).and_then(|scheme| material.keys(algorithm, &scheme, kid)) {
                Some((verifying, _)) => keys.push(Key::without_setting(verifying, None)),
                None => skipped.push(format!("a key is not suitable for {}", name(algorithm))),
            }
        }
        match keys.is_empty() {
            true => Err(format!("has no usable key: {}", skipped.join("; "))),
            false => Ok((Self::undated(keys), skipped)),
        }
    }
}

/// Returns whether an earlier key has the same name, so that tokens of this app could not tell them apart.
fn is_duplicate(key: &ParsedKey, earlier: &[ParsedKey]) -> bool {
    key.kid.is_some() && earlier.iter().any(|other| other.kid == key.kid)
}

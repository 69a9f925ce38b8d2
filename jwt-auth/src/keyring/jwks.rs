//! Public keys as a JWK Set (RFC 7517). No field can hold a private member.

use std::time::Duration;

use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rocket::http::Header;
use rocket::response::{self, Responder};
use rocket::serde::json::Json;
use rocket::{Request, Response};
use serde::Serialize;

/// The public keys that verify an app's tokens, for `/.well-known/jwks.json`: those in force and the upcoming ones.
///
/// The response may be cached for five minutes, or until the next key is retired if that is sooner. The set is empty if
/// the app signs with a secret.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "utoipa",
    derive(utoipa::ToSchema),
    schema(description = "A JWK Set (RFC 7517, section 5).")
)]
pub struct Jwks {
    keys: Vec<PublicJwk>,
    #[serde(skip)]
    max_age: Duration,
}

/// The maximum time for which the keys may be cached. Verifiers receive a new key before it signs if it is published at
/// least this long before its `not_before`.
const MAX_AGE: Duration = Duration::from_secs(5 * 60);

impl Jwks {
    /// Creates a set. `changes_in` is the time until it changes.
    pub(super) fn new(keys: Vec<PublicJwk>, changes_in: Option<Duration>) -> Self {
        Self { keys, max_age: changes_in.map_or(MAX_AGE, |changes_in| changes_in.min(MAX_AGE)) }
    }

    /// Returns the keys.
    pub fn keys(&self) -> &[PublicJwk] {
        &self.keys
    }
}

impl<'r> Responder<'r, 'static> for Jwks {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let cache_control = format!("public, max-age={}", self.max_age.as_secs());
        Response::build_from(Json(self).respond_to(request)?)
            .header(Header::new("Cache-Control", cache_control))
            .ok()
    }
}

/// One public key (RFC 7517, section 4).
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(
    feature = "utoipa",
    derive(utoipa::ToSchema),
    schema(description = "A public key (RFC 7517, section 4).")
)]
pub struct PublicJwk {
    #[serde(flatten)]
    parameters: Parameters,
    #[serde(rename = "use")]
    usage: &'static str,
    alg: String,
    kid: String,
}

impl PublicJwk {
    /// Creates a public key. `kid` defaults to the thumbprint.
    pub(super) fn new(parameters: Parameters, alg: String, kid: Option<String>) -> Self {
        let kid = kid.unwrap_or_else(|| parameters.thumbprint());
        Self { parameters, usage: "sig", alg, kid }
    }

    /// Returns the name of the key: the setting `kid`, or by default the thumbprint (RFC 7638).
    pub fn kid(&self) -> &str {
        &self.kid
    }
}

/// The parameters of a public key. The fields are in the order that the thumbprint requires.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema), schema(as = PublicJwkParameters, description = "The parameters of a key, by its type."))]
#[serde(untagged)]
pub(super) enum Parameters {
    Rsa { e: String, kty: &'static str, n: String },
    Ec { crv: &'static str, kty: &'static str, x: String, y: String },
    Okp { crv: &'static str, kty: &'static str, x: String },
}

impl Parameters {
    pub(super) fn rsa(modulus: &[u8], exponent: &[u8]) -> Self {
        Self::Rsa { e: URL_SAFE_NO_PAD.encode(exponent), kty: "RSA", n: URL_SAFE_NO_PAD.encode(modulus) }
    }

    /// Returns the parameters of an uncompressed point of P-256 or P-384, and `None` for any other point.
    pub(super) fn ec(point: &[u8]) -> Option<Self> {
        let (crv, size) = match point {
            [4, xy @ ..] if xy.len() == 64 => ("P-256", 32),
            [4, xy @ ..] if xy.len() == 96 => ("P-384", 48),
            _ => return None,
        };
        let (x, y) = point[1..].split_at(size);
        Some(Self::Ec { crv, kty: "EC", x: URL_SAFE_NO_PAD.encode(x), y: URL_SAFE_NO_PAD.encode(y) })
    }

    pub(super) fn okp(public: &[u8]) -> Self {
        Self::Okp { crv: "Ed25519", kty: "OKP", x: URL_SAFE_NO_PAD.encode(public) }
    }

    /// Returns the thumbprint (RFC 7638, section 3): a hash of the required members in lexicographic order.
    fn thumbprint(&self) -> String {
        let members = serde_json::to_vec(self).expect("strings serialize");
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thumbprint_of_rfc_7638_section_3_1() {
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let key = Parameters::rsa(&URL_SAFE_NO_PAD.decode(n).unwrap(), &[1, 0, 1]);
        assert_eq!(key.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    #[test]
    fn thumbprint_of_rfc_8037_appendix_a_3() {
        let x = URL_SAFE_NO_PAD.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        assert_eq!(Parameters::okp(&x).thumbprint(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }
}

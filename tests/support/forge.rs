//! Tokens as an attacker, or another implementation, makes them.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use jsonwebtoken::crypto::sign;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::TestKey;

/// A token on its way to being forged. As it is made it is good; each step makes it worse.
#[derive(Clone)]
pub struct Forge {
    /// The key that it is signed with.
    pub key: TestKey,
    header: Map<String, Value>,
    claims: Map<String, Value>,
}

impl Forge {
    /// A good access token of `alice`, for the test key of this algorithm. The issuer is `us` and
    /// the audience `api`.
    pub fn new(algorithm: Algorithm) -> Self {
        let now = now();
        let header = json!({ "alg": format!("{algorithm:?}"), "typ": "at+jwt" });
        let claims = json!({
            "iss": "us", "aud": "api", "sub": "alice", "iat": now, "exp": now + 600, "jti": Uuid::new_v4(),
        });
        Self { key: TestKey::of(algorithm), header: object(header), claims: object(claims) }
    }

    /// With a header parameter; `null` stays a `null`.
    pub fn header(mut self, name: &str, value: Value) -> Self {
        self.header.insert(name.to_owned(), value);
        self
    }

    /// Without a header parameter.
    pub fn no_header(mut self, name: &str) -> Self {
        self.header.remove(name);
        self
    }

    /// With a claim.
    pub fn claim(mut self, name: &str, value: Value) -> Self {
        self.claims.insert(name.to_owned(), value);
        self
    }

    /// Without a claim.
    pub fn no_claim(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    /// The header, as text.
    pub fn header_text(&self) -> String {
        Value::Object(self.header.clone()).to_string()
    }

    /// The payload, as text.
    pub fn payload_text(&self) -> String {
        Value::Object(self.claims.clone()).to_string()
    }

    /// The token.
    pub fn token(&self) -> String {
        self.sign(&self.header_text(), &self.payload_text())
    }

    /// The token, with this text at the end of the payload's object.
    pub fn with_more_payload(&self, more: &str) -> String {
        self.sign(&self.header_text(), &append(&self.payload_text(), more))
    }

    /// The token, with this text at the end of the header's object.
    pub fn with_more_header(&self, more: &str) -> String {
        self.sign(&append(&self.header_text(), more), &self.payload_text())
    }

    /// A token of any texts, signed with the key as it should be.
    pub fn sign(&self, header: &str, payload: &str) -> String {
        self.sign_parts(&encode(header), &encode(payload))
    }

    /// A token of parts that need not be base64.
    pub fn sign_parts(&self, header: &str, payload: &str) -> String {
        let message = format!("{header}.{payload}");
        let signature = sign(message.as_bytes(), &self.key.encoding(), self.key.algorithm);
        format!("{message}.{}", signature.expect("the key signs"))
    }

    /// The token, signed with something else: an HMAC under these bytes.
    pub fn sign_with_hmac(&self, algorithm: Algorithm, secret: &[u8]) -> String {
        let message = format!("{}.{}", encode(&self.header_text()), encode(&self.payload_text()));
        let key = jsonwebtoken::EncodingKey::from_secret(secret);
        format!("{message}.{}", sign(message.as_bytes(), &key, algorithm).expect("any bytes are a secret"))
    }

    /// The token, with these bytes as its signature.
    pub fn with_signature(&self, signature: &[u8]) -> String {
        let message = format!("{}.{}", encode(&self.header_text()), encode(&self.payload_text()));
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

fn append(object: &str, more: &str) -> String {
    format!("{}{more}}}", object.strip_suffix('}').unwrap_or(object))
}

fn encode(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

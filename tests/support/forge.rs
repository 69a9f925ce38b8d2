//! Tokens that an attacker or another implementation might create.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use jsonwebtoken::crypto::sign;
use jwt_auth::InvalidToken;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{TestKey, payload};

/// A builder for forged tokens. It starts with a valid token, and each method changes one aspect.
#[derive(Clone)]
pub struct Forge {
    key: TestKey,
    header: Map<String, Value>,
    claims: Map<String, Value>,
}

impl Forge {
    /// A valid access token for `alice`, signed with the test key of this algorithm. The issuer is `us` and the
    /// audience `api`.
    pub fn new(algorithm: Algorithm) -> Self {
        let now = now();
        let header = json!({ "alg": format!("{algorithm:?}"), "typ": "at+jwt" });
        let claims = json!({
            "iss": "us", "aud": "api", "sub": "alice", "iat": now - 60, "exp": now + 600, "jti": Uuid::new_v4(),
        });
        Self { key: TestKey::of(algorithm), header: object(header), claims: object(claims) }
    }

    /// A copy of this token, signed with the test key of this algorithm.
    pub fn like(token: &str, algorithm: Algorithm) -> Self {
        let header = token.split('.').next().and_then(|header| URL_SAFE_NO_PAD.decode(header).ok());
        let header = serde_json::from_slice(&header.unwrap_or_default()).expect("a header is JSON");
        Self { key: TestKey::of(algorithm), header: object(header), claims: object(payload(token)) }
    }

    /// Signs with another key.
    pub fn key(self, key: TestKey) -> Self {
        Self { key, ..self }
    }

    /// Sets a header parameter. `Value::Null` is written as `null`.
    pub fn header(mut self, name: &str, value: Value) -> Self {
        self.header.insert(name.to_owned(), value);
        self
    }

    /// Removes a header parameter.
    pub fn no_header(mut self, name: &str) -> Self {
        self.header.remove(name);
        self
    }

    /// Sets a claim.
    pub fn claim(mut self, name: &str, value: Value) -> Self {
        self.claims.insert(name.to_owned(), value);
        self
    }

    /// Removes a claim.
    pub fn no_claim(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    /// Returns the header as JSON text.
    pub fn header_text(&self) -> String {
        Value::Object(self.header.clone()).to_string()
    }

    /// Returns the payload as JSON text.
    pub fn payload_text(&self) -> String {
        Value::Object(self.claims.clone()).to_string()
    }

    /// Returns the signed token.
    pub fn token(&self) -> String {
        self.sign(&self.header_text(), &self.payload_text())
    }

    /// Returns the token with more text at the end of the payload object.
    pub fn with_more_payload(&self, more: &str) -> String {
        self.sign(&self.header_text(), &append(&self.payload_text(), more))
    }

    /// Returns the token with more text at the end of the header object.
    pub fn with_more_header(&self, more: &str) -> String {
        self.sign(&append(&self.header_text(), more), &self.payload_text())
    }

    /// Returns a correctly signed token with any text as its header and payload.
    pub fn sign(&self, header: &str, payload: &str) -> String {
        self.sign_parts(&encode(header), &encode(payload))
    }

    /// Returns a correctly signed token with any bytes as its header and payload.
    pub fn sign_bytes(&self, header: &[u8], payload: &[u8]) -> String {
        self.sign_parts(&URL_SAFE_NO_PAD.encode(header), &URL_SAFE_NO_PAD.encode(payload))
    }

    /// Returns a correctly signed token with any bytes as its payload.
    pub fn sign_payload(&self, payload: &[u8]) -> String {
        self.sign_bytes(self.header_text().as_bytes(), payload)
    }

    /// Returns a correctly signed token whose parts need not be base64url.
    pub fn sign_parts(&self, header: &str, payload: &str) -> String {
        let message = format!("{header}.{payload}");
        let signature = sign(message.as_bytes(), &self.key.encoding(), self.key.algorithm);
        format!("{message}.{}", signature.expect("the key signs"))
    }

    /// Returns the token with an HMAC under these bytes as its signature.
    pub fn sign_with_hmac(&self, algorithm: Algorithm, secret: &[u8]) -> String {
        let message = format!("{}.{}", encode(&self.header_text()), encode(&self.payload_text()));
        let key = jsonwebtoken::EncodingKey::from_secret(secret);
        format!("{message}.{}", sign(message.as_bytes(), &key, algorithm).expect("any bytes are a secret"))
    }

    /// Returns the token with another algorithm in its header.
    pub fn with_other_alg(&self, other: fn(&str) -> String) -> String {
        let alg = format!("{:?}", self.key.algorithm);
        let other = other(&alg);
        // If the change has no effect on this name, any wrong name will do.
        let other = if other == alg { format!("{alg}K") } else { other };
        self.clone().header("alg", other.into()).token()
    }

    /// Returns the token with a change to the base64url of its header or payload, made before it is signed.
    pub fn with_parts(&self, change: fn(String, String) -> (String, String)) -> String {
        let (header, payload) = change(encode(&self.header_text()), encode(&self.payload_text()));
        self.sign_parts(&header, &payload)
    }

    /// Returns the token without one of its three parts.
    pub fn without_part(&self, part: usize) -> String {
        let token = self.token();
        let mut parts: Vec<&str> = token.split('.').collect();
        parts.remove(part);
        parts.join(".")
    }

    /// Returns the token with these bytes as its signature.
    pub fn with_signature(&self, signature: &[u8]) -> String {
        let message = format!("{}.{}", encode(&self.header_text()), encode(&self.payload_text()));
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Returns the token with a change to its signature.
    pub fn with_signature_of(&self, change: fn(Vec<u8>) -> Vec<u8>) -> String {
        let token = self.token();
        let (message, signature) = token.rsplit_once('.').expect("a token has three parts");
        let signature = change(URL_SAFE_NO_PAD.decode(signature).expect("a signature is base64url"));
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Returns the token with the signature of another token.
    pub fn with_signature_of_other_payload(&self) -> String {
        let other = self.clone().claim("sub", "mallory".into()).token();
        let (token, signature) =
            (self.token(), other.rsplit_once('.').map_or("", |(_, signature)| signature));
        format!("{}.{signature}", token.rsplit_once('.').map_or("", |(message, _)| message))
    }

    /// Returns the token with a spare bit set at the end of its signature. To a lenient base64 decoder, the bytes are the
    /// same.
    pub fn with_spare_bits(&self) -> String {
        set_spare_bit(&self.token())
    }

    /// Returns the token with a spare bit set at the end of its payload, signed after the change.
    pub fn with_spare_payload_bits(&self) -> String {
        let mut payload = self.payload_text();
        while payload.len().is_multiple_of(3) {
            payload.push(' ');
        }
        self.sign_parts(&encode(&self.header_text()), &set_spare_bit(&encode(&payload)))
    }
}

/// Sets the last bit of the last character. It is a spare bit if the length is not a multiple of four.
fn set_spare_bit(text: &str) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = text.chars().last().and_then(|last| ALPHABET.find(last)).expect("base64url");
    assert_eq!(last % 2, 0, "the text has no spare bits");
    format!("{}{}", &text[..text.len() - 1], &ALPHABET[last + 1..last + 2])
}

/// The current time, in seconds since 1970.
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

/// Returns the reason why a token is rejected whose audience, in this claim, is wrong.
pub fn wrong_audience(claim: &str) -> InvalidToken {
    InvalidToken::WrongAudience { claim: claim.to_owned() }
}

//! A simple and slow reader of tokens. Every token that the verifier accepts must be valid for this reader, too.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use uuid::Uuid;

use crate::{AUDIENCE, LEEWAY, Members, NOW, THEM, TTL, US};

/// The header and the payload of a token.
#[derive(Debug)]
pub struct Plain {
    pub header: Members,
    pub payload: Members,
}

impl Plain {
    /// Reads a token. Each part must be the only base64url spelling of its bytes.
    pub fn read(token: &str) -> Self {
        let parts: Vec<Vec<u8>> = token
            .split('.')
            .map(|part| {
                let bytes = URL_SAFE_NO_PAD.decode(part).expect("an accepted token is base64url");
                assert_eq!(URL_SAFE_NO_PAD.encode(&bytes), part, "another token encodes the same bytes");
                bytes
            })
            .collect();
        let [header, payload, _] = &parts[..] else { panic!("an accepted token has {} parts", parts.len()) };
        let members = |json: &[u8]| -> Members {
            let members: Members = serde_json::from_slice(json).expect("an accepted token contains objects");
            assert!(members.are_unique(), "a name occurs twice: {members:?}");
            members
        };
        Self { header: members(header), payload: members(payload) }
    }

    /// Asserts that this is an access token that the app that issued it may accept at [`NOW`].
    pub fn assert_ours(&self, algorithm: &str) {
        let Self { header, payload } = self;
        let typ = header.get::<String>("typ").expect("the token has a type").to_ascii_lowercase();
        assert!(["at+jwt", "application/at+jwt"].contains(&typ.as_str()), "{header:?}");
        assert!(payload.get::<Uuid>("jti").is_some(), "{payload:?}");
        // The verifier discards the fraction, so a token never counts as younger than it is.
        let issued_at = self.date("iat").expect("the token has an `iat`").floor();
        assert!(has_come(issued_at) && issued_at > (NOW - TTL - LEEWAY) as f64, "{payload:?}");
        self.assert_of(US, algorithm);
    }

    /// Asserts that this is a token of the trusted issuer that an app may accept at [`NOW`].
    pub fn assert_theirs(&self, algorithm: &str) {
        let typ = self.header.get::<String>("typ").unwrap_or_default().to_ascii_lowercase();
        let types = ["", "at+jwt", "application/at+jwt", "jwt", "application/jwt"];
        assert!(types.contains(&typ.as_str()), "{:?}", self.header);
        self.assert_of(THEM, algorithm);
    }

    fn assert_of(&self, issuer: &str, algorithm: &str) {
        let Self { header, payload } = self;
        assert_eq!(header.get("alg"), Some(algorithm.to_owned()), "{header:?}");
        assert!(!header.has("crit"), "{header:?}");
        assert_eq!(payload.get("iss"), Some(issuer.to_owned()), "{payload:?}");
        let is_for_us = match payload.get("aud") {
            Some(Value::String(one)) => one == AUDIENCE,
            Some(Value::Array(several)) => several.iter().any(|one| one == AUDIENCE),
            _ => false,
        };
        assert!(is_for_us, "{payload:?}");
        assert!(payload.get("sub").is_some_and(|sub: String| !sub.is_empty()), "{payload:?}");
        assert!(self.date("exp").is_some_and(|exp| exp > (NOW - LEEWAY) as f64), "{payload:?}");
        assert!(!payload.has("nbf") || self.date("nbf").is_some_and(has_come), "{payload:?}");
    }

    fn date(&self, name: &str) -> Option<f64> {
        self.payload.get(name).filter(|date| *date >= 0.0)
    }
}

fn has_come(date: f64) -> bool {
    date <= (NOW + LEEWAY) as f64
}

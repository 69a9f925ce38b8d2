//! jsonwebtoken, as an app would use it: the keys and the rules are created once.

use std::hint::black_box;
use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use jwt_auth_tests::TestKey;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::User;

/// The whole payload, because jsonwebtoken adds nothing.
#[derive(Serialize, Deserialize)]
struct Token {
    sub: Uuid,
    username: String,
    roles: Vec<String>,
    iss: String,
    aud: String,
    iat: u64,
    exp: u64,
    jti: Uuid,
}

pub(crate) struct Peer {
    header: Header,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    issuer: String,
    audience: String,
}

impl Peer {
    pub(crate) fn new(algorithm: Algorithm, issuer: &str, audience: &str) -> Self {
        let key = TestKey::of(algorithm);
        let mut validation = Validation::new(algorithm);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.validate_nbf = true;
        Self {
            header: Header::new(algorithm),
            encoding: key.encoding(),
            decoding: key.decoding(),
            validation,
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
        }
    }

    pub(crate) fn verify(&self, token: &str) {
        let decoded = decode::<Token>(black_box(token), &self.decoding, &self.validation);
        black_box(decoded.expect("the token is valid").claims);
    }

    pub(crate) fn sign(&self, user: &User) {
        let User { id, username, roles } = black_box(user).clone();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970").as_secs();
        let token = Token {
            sub: id,
            username,
            roles,
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            iat: now,
            exp: now + 900,
            jti: Uuid::new_v4(),
        };
        black_box(encode(&self.header, &token, &self.encoding).expect("the key signs"));
    }
}

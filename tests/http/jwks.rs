//! The JWK Set at `/.well-known/jwks.json` (RFC 7517).

use jsonwebtoken::jwk::{Jwk, JwkSet, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use jwt_auth_tests::{ALGORITHMS, Setup, user};
use rocket::serde::json::{Value, json};

use crate::app::{client, login_as};

/// The exact members of a public key of each type.
fn members(kty: &str) -> &'static [&'static str] {
    match kty {
        "RSA" => &["alg", "e", "kid", "kty", "n", "use"],
        "EC" => &["alg", "crv", "kid", "kty", "use", "x", "y"],
        "OKP" => &["alg", "crv", "kid", "kty", "use", "x"],
        other => panic!("unexpected key type: {other}"),
    }
}

#[test]
fn published_keys_verify_the_tokens() {
    for algorithm in ALGORITHMS.into_iter().filter(|algorithm| !is_hmac(*algorithm)) {
        let client = client(&Setup::memory().key(algorithm));
        let response = client.get("/.well-known/jwks.json").dispatch();
        assert_eq!(response.headers().get_one("Cache-Control"), Some("public, max-age=300"));
        let jwks: Value = response.into_json().expect("JSON");
        let [key] = &jwks["keys"].as_array().expect("a list")[..] else { panic!("expected one key: {jwks}") };
        let names: Vec<&str> = key.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!(names, members(key["kty"].as_str().expect("text")), "{algorithm:?}");
        assert_eq!((&key["use"], &key["alg"]), (&json!("sig"), &json!(format!("{algorithm:?}"))));

        // jsonwebtoken must be able to read the key.
        let jwk: Jwk = serde_json::from_value(key.clone()).expect("a JWK");
        assert_eq!(
            key["kid"],
            jwk.thumbprint(ThumbprintHash::SHA256).expect("a thumbprint"),
            "{algorithm:?}"
        );
        let token = login_as(&client, &user("alice")).access_token;
        let header = jsonwebtoken::decode_header(&token).expect("a header");
        let set: JwkSet = serde_json::from_value(jwks).expect("a JWK Set");
        let found = set.find(&header.kid.expect("the token has a `kid`")).expect("the key is in the set");
        let key = DecodingKey::from_jwk(found).expect("a usable key");
        decode::<Value>(&token, &key, &Validation::new(algorithm)).expect("the signature is valid");
    }
}

#[test]
fn a_secret_is_not_published() {
    for algorithm in ALGORITHMS.into_iter().filter(|algorithm| is_hmac(*algorithm)) {
        let client = client(&Setup::memory().key(algorithm));
        let jwks = client.get("/.well-known/jwks.json").dispatch().into_json::<Value>();
        assert_eq!(jwks, Some(json!({ "keys": [] })), "{algorithm:?}");
    }
}

fn is_hmac(algorithm: Algorithm) -> bool {
    matches!(algorithm, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512)
}

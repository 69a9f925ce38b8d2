//! Loads any text as a JWK and as a JWK Set. Either it replaces the keys of the app, or nothing changes and the error
//! reveals no private member. The JWK Set that the app then serves must contain only public keys, and jsonwebtoken must be
//! able to verify the app's tokens with it.
//!
//! A seed is a JWK or a JWK Set, optionally after a line with the name of an algorithm.

#![no_main]

use std::sync::LazyLock;

use jsonwebtoken::Algorithm::HS256;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{AlgorithmFamily, DecodingKey, Validation, decode, decode_header};
use jwt_auth::JwtAuth;
use jwt_auth_fuzz::{ALGORITHMS, User, block_on, launch, settings, user};
use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target};
use rocket::figment::Figment;
use rocket::serde::json::json;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

fuzz_target!(|data: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(data) else { return Corpus::Reject };
    let (algorithm, text) = match text.split_once('\n') {
        Some((name, text)) if ALGORITHMS.iter().any(|algorithm| format!("{algorithm:?}") == name) => {
            (Some(name), text)
        }
        _ => (None, text),
    };
    // Other text is treated as the path of a file.
    if !text.trim_start().starts_with('{') {
        return Corpus::Reject;
    }
    for setting in ["jwk", "jwks"] {
        let mut settings = Figment::from(("jwt_auth", json!({ setting: text })));
        if let Some(algorithm) = algorithm {
            settings = settings.merge(("jwt_auth.algorithm", algorithm));
        }
        match AUTH.reload_keys(&settings) {
            Ok(()) => assert_served(),
            Err(error) => assert_kept(&error.to_string(), text),
        }
        AUTH.reload_keys(&SETTINGS).expect("the original keys are valid");
    }
    Corpus::Keep
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    jwt_auth_fuzz::mutate(data, size, max_size, seed)
});

static SETTINGS: LazyLock<Figment> = LazyLock::new(|| settings(HS256));
static AUTH: LazyLock<JwtAuth> = LazyLock::new(|| launch(&SETTINGS));
/// A token that was signed with the original keys.
static TOKEN: LazyLock<String> =
    LazyLock::new(|| block_on(AUTH.create_access_token(&user("alice")).into_future()).expect("a token"));

/// The members that contain no secrets (RFC 7518, section 6).
const PUBLIC: [&str; 9] = ["alg", "crv", "e", "kid", "kty", "n", "use", "x", "y"];
const PRIVATE: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "k"];

/// Asserts that the JWK Set is public and that it verifies the app's tokens.
fn assert_served() {
    let served: Set =
        serde_json::from_value(serde_json::to_value(AUTH.jwks()).expect("JSON")).expect("a set");
    for key in &served.keys {
        let members = key.as_object().expect("a key is an object");
        assert!(members.keys().all(|name| PUBLIC.contains(&name.as_str())), "{members:?}");
        decoding_key(key);
    }

    let Ok(token) = block_on(AUTH.create_access_token(&user("alice")).into_future()) else { return };
    AUTH.verify::<User>(&token).expect("the app accepts its own token");
    let header = decode_header(&token).expect("a header");
    let named = served.keys.iter().find(|key| key["kid"].as_str() == header.kid.as_deref());
    match (named, header.alg.family()) {
        (Some(key), _) => {
            let mut validation = Validation::new(header.alg);
            validation.validate_aud = false;
            decode::<IgnoredAny>(&token, &decoding_key(key), &validation)
                .expect("the public key verifies the token");
        }
        (None, family) => assert_eq!(family, AlgorithmFamily::Hmac, "{header:?} is not served"),
    }
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

fn decoding_key(key: &Value) -> DecodingKey {
    let jwk: Jwk = serde_json::from_value(key.clone()).expect("a served key is a JWK");
    DecodingKey::from_jwk(&jwk).expect("a served key is usable")
}

/// Asserts that the app has kept its keys and that the error reveals no private member of the rejected keys.
fn assert_kept(message: &str, rejected: &str) {
    AUTH.verify::<User>(&TOKEN).expect("the keys have not changed");
    let rejected: Value = serde_json::from_str(rejected).unwrap_or_default();
    let keys = rejected["keys"].as_array().cloned().unwrap_or_default();
    for number in keys.iter().chain([&rejected]).flat_map(|key| PRIVATE.map(|name| &key[name])) {
        let secret = number.as_str().filter(|number| number.len() >= 16);
        assert!(!secret.is_some_and(|secret| message.contains(secret)), "{message}");
    }
}

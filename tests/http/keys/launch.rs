//! Conflicting and unusable keys: some stop the launch, others are only logged.

use jsonwebtoken::Algorithm::ES256;
use jwt_auth_tests::{Log, Setup, TestKey, jwk, pem};
use rocket::error::ErrorKind;
use rocket::figment::providers::Format;
use rocket::serde::json::{Value, json};

use super::{after, keys};

/// Returns whether the app launches, and the log.
async fn log(setup: &Setup) -> (bool, String) {
    let log = Log::capture();
    let launched = match setup.rocket().ignite().await.map(drop) {
        Ok(()) => true,
        // Rocket's launch errors panic on drop unless they are inspected.
        Err(error) => !matches!(error.kind(), ErrorKind::FailedFairings(_)),
    };
    (launched, log.text())
}

fn with(key: &str, name: &str, value: impl Into<Value>) -> String {
    let mut key: Value = serde_json::from_str(key).expect("JSON");
    key[name] = value.into();
    key.to_string()
}

#[rocket::async_test]
#[rustfmt::skip]
async fn conflicting_keys_stop_the_launch() {
    let other = TestKey::of_attacker(ES256).private;
    let oct = r#"{"kty":"oct","k":"c2hvcnQ","alg":"HS256"}"#;
    for (settings, expected) in [
        (json!({ "algorithm": "ES256", "private_key": pem::P256, "keys": [{ "private_key": other }] }),
            ["keys[0].private_key`", "can sign, and so can `private_key`", "not_before"]),
        (json!({ "algorithm": "ES256", "private_key": pem::P256, "keys": [{ "public_key": pem::P256_PUBLIC }] }),
            ["keys[0].public_key`", "and so does `private_key`", "kid"]),
        (json!({ "secret": TestKey::SECRET, "keys": [{ "secret": "another-one-that-is-long-enough-for-it" }] }),
            ["keys[0].secret`", "has no name, and neither does `secret`", "kid"]),
        (json!({ "secret": TestKey::SECRET, "kid": "a", "keys": [{ "algorithm": "ES256", "public_key": pem::P256_PUBLIC, "kid": "a" }] }),
            ["keys[0].public_key`", "has the name `a`", "kid"]),
        (json!({ "secret": TestKey::SECRET, "retire_at": "2020-01-01T00:00:00Z" }),
            ["secret`", "is retired", "retire_at"]),
        (json!({ "keys": [{ "secret": "short", "kid": "a" }] }),
            ["keys[0].secret`", "5 bytes", "openssl rand"]),
        (json!({ "secret_file": "/nowhere/secret" }), ["secret_file`", "/nowhere/secret, which cannot be read", "for example"]),
        (json!({ "secret_file": "/dev/null" }), ["secret_file`", "has 0 bytes", "openssl rand"]),
        (json!({ "secret_file": "/dev/null", "secret": TestKey::SECRET }), ["secret_file`", "is set together with `secret`", "keys = "]),
        (json!({ "secret_file": "/dev/null", "algorithm": "ES256" }), ["algorithm`", "a secret is set", "HS256"]),
        (json!({ "jwk": oct }), ["jwk`", "5 bytes", "key.json"]),
        (json!({ "algorithm": "RS256", "keys": [{ "public_key": pem::RSA_1024_PUBLIC }] }),
            ["keys[0].public_key`", "2048 bits or more", "-pubout"]),
        (json!({ "jwk": jwk::RSA_2048 }), ["jwk`", "does not name its algorithm", "`algorithm`"]),
        (json!({ "jwk": jwk::P256, "algorithm": "RS256" }), ["jwk`", "the curve P-256, which is for ES256, not for RS256", "key.json"]),
        (json!({ "jwk": with(jwk::P256, "alg", "ES384") }), ["jwk`", "the curve P-256, which is for ES256, not for ES384", "key.json"]),
        (json!({ "jwk": with(jwk::ED25519, "alg", "ES256") }), ["jwk`", "the curve Ed25519, which is for EdDSA, not for ES256", "key.json"]),
        (json!({ "secret": "change-me-change-me-change-me-change-me" }), ["secret`", "is a placeholder", "openssl rand"]),
        (json!({ "secret": "CHANGE_ME_this_is_my_secret_for_production" }), ["secret`", "is a placeholder", "openssl rand"]),
        (json!({ "secret": "x".repeat(64) }), ["secret`", "is a placeholder", "openssl rand"]),
        (json!({ "secret": format!("{}\n", "k3-".repeat(10)) }), ["secret`", "has 30 bytes", "openssl rand"]),
        (json!({ "jwk": with(jwk::P256, "alg", "ES256"), "algorithm": "ES384" }), ["jwk`", "is for ES256", "ES384"]),
        (json!({ "jwk": with(jwk::P256, "use", "enc") }), ["jwk`", "is not for signatures", "`use`"]),
        (json!({ "jwk": with(jwk::P256, "key_ops", json!(["deriveKey"])) }), ["jwk`", "is not for signatures", "`key_ops`"]),
        (json!({ "jwk": with(jwk::P256, "alg", "ECDH-ES") }), ["jwk`", "`alg`", "not supported"]),
        (json!({ "jwk": with(jwk::P256, "crv", "secp256k1") }), ["jwk`", "`crv`", "not supported"]),
        // A private key that does not belong to the public key.
        (json!({ "jwk": with(jwk::ED25519, "d", "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A") }), ["jwk`", "not the key that EdDSA needs", "key.json"]),
        (json!({ "jwk": "{\"kty\":" }), ["jwk`", "is not a JWK: line 1", "key.json"]),
        (json!({ "jwks": "{\"keys\":[]}" }), ["jwks`", "is an empty JWK Set", "keys.json"]),
        (json!({ "jwks": json!({ "keys": [{ "kty": "EC", "use": "enc" }, 5] }).to_string() }),
            ["jwks`", "has no usable key", "number 1"]),
        (json!({ "jwks": "/nowhere/keys.json" }), ["jwks`", "/nowhere/keys.json, which cannot be read", "for example"]),
    ] {
        let (launched, message) = log(&keys(settings.clone())).await;
        assert!(!launched, "the app launched: {settings}");
        for part in expected {
            assert!(message.contains(part), "`{part}` is not in: {message}");
        }
        for secret in ["another-one", "c2hvcnQ", "RwuQzDYdwKikD3ig4M3wrtzOOlRGetPOFJIBwESkDmA", "nWGxne_9WmC6"] {
            assert!(!message.contains(secret), "the message contains a secret: {message}");
        }
    }
}

#[rocket::async_test]
async fn a_period_without_a_signing_key_is_logged_as_a_warning() {
    let setup = keys(json!({ "algorithm": "ES256", "private_key": pem::P256 }));
    let (soon, later) = (after(&setup, 60), after(&setup, 120));
    let setup = setup.with("retire_at", &later);
    let (_, text) = log(&setup).await;
    assert!(
        text.contains("once `private_key` is retired, no key signs") && text.contains(&later[..19]),
        "{text}"
    );

    let next = json!({ "private_key": TestKey::of_attacker(ES256).private, "not_before": soon });
    let (_, text) = log(&setup.clone().with("keys", [&next])).await;
    assert!(!text.contains("no key signs"), "{text}");

    let alone = keys(json!({ "algorithm": "ES256", "keys": [next] }));
    let (_, text) = log(&alone).await;
    assert!(text.contains("no key signs yet"), "{text}");
}

/// A set may contain keys of unknown types or for other uses (RFC 7517, section 5).
#[rocket::async_test]
async fn unusable_keys_in_a_set_are_skipped_with_a_warning() {
    let valid: Value = serde_json::from_str(jwk::P256).expect("JSON");
    let named: Value = serde_json::from_str(&with(jwk::ED25519, "kid", "a")).expect("JSON");
    let again: Value = serde_json::from_str(&with(jwk::P384, "kid", "a")).expect("JSON");
    let set = json!({ "keys": [
        { "kty": "AKP", "alg": "ML-DSA-44", "pub": "…" }, "garbage", valid, named, again,
        { "kty": "EC", "crv": "P-521" },
    ]});
    let setup = keys(json!({ "keys": [{ "jwks": set.to_string(), "not_before": "2020-01-01T00:00:00Z" }] }));
    let (launched, text) = log(&setup).await;
    assert!(!launched && text.contains("can sign, and so can"), "two private keys in one set: {text}");

    let public = |mut key: Value| {
        key.as_object_mut().expect("an object").remove("d");
        key
    };
    let keys_of_set: Vec<Value> = set["keys"]
        .as_array()
        .expect("a list")
        .iter()
        .cloned()
        .map(|key| if key.is_object() { public(key) } else { key })
        .collect();
    let setup = keys(json!({ "jwks": json!({ "keys": keys_of_set }).to_string() }));
    let (launched, text) = log(&setup).await;
    assert!(launched, "{text}");
    for part in
        ["number 0 is for an `alg`", "number 1 is not a JWK", "number 4 has the same", "number 5 has a"]
    {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
    assert_eq!(super::shown(&setup.launch().await).len(), 2);
}

/// Text that is not recognized as a key is treated as a path, but it is not logged.
#[rocket::async_test]
async fn a_key_mistaken_for_a_path_is_not_logged() {
    let body: String = pem::P256.lines().filter(|line| !line.starts_with('-')).collect();
    let set = format!("[{}]", with(jwk::ED25519, "kid", "2026.12"));
    let folder = std::env::temp_dir().join(format!("jwt-auth.{}", uuid::Uuid::new_v4()));
    std::fs::create_dir(&folder).expect("a folder can be created");
    for (setting, key) in [("private_key", body.as_str()), ("jwk", &set), ("jwks", &set)] {
        let file = folder.join("Rocket.toml");
        let text = format!("[default.jwt_auth]\nalgorithm = \"ES256\"\n{setting} = {}\n", json!(key));
        std::fs::write(&file, text).expect("a file can be written");
        let capture = Log::capture();
        let figment = rocket::Config::figment().merge(rocket::figment::providers::Toml::file(&file).nested());
        let launched = rocket::custom(figment).attach(jwt_auth::JwtAuth::fairing()).ignite().await.map(drop);
        // Rocket's launch errors panic on drop unless they are inspected.
        let _ = launched.expect_err("not a key").kind();
        let message = capture.text();
        assert!(message.contains("is neither the text of a key"), "{message}");
        assert!(!message.contains(&key[..12]), "{message}");
    }
    std::fs::remove_dir_all(folder).expect("the folder can be removed");
}

#[rocket::async_test]
async fn a_verify_only_secret_does_not_sign() {
    let oct = json!({ "kty": "oct", "alg": "HS256", "k": "A".repeat(43), "key_ops": ["verify"] }).to_string();
    let auth = keys(json!({ "jwk": oct })).launch().await;
    assert!(auth.create_access_token(&jwt_auth_tests::user("ann")).await.is_err());
}

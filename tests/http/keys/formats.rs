//! Keys as real tools write them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm::EdDSA;
use jwt_auth_tests::{Forge, Log, TestKey, User, jwk, payload, pem};
use rocket::serde::json::{Value, json};

use super::{keys, token};

/// Launches an app with these settings, and uses its key.
async fn works(name: &str, settings: Value) {
    let auth = keys(settings).launch().await;
    let token = token(&auth);
    auth.verify::<User>(&token).unwrap_or_else(|error| panic!("{name}: {error:?}"));
}

/// A file with this content, which is removed at the end.
fn file(name: &str, content: &str) -> std::path::PathBuf {
    let path = std::env::temp_dir().join(format!("jwt-auth-{}-{name}", uuid::Uuid::new_v4()));
    std::fs::write(&path, content).expect("the file can be written");
    path
}

#[rocket::async_test]
async fn a_certificate_may_come_before_a_key() {
    let certificate = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    for (algorithm, key) in [("RS256", pem::RSA_2048), ("ES256", pem::P256), ("EdDSA", pem::ED25519)] {
        let bundle = format!("{certificate}{key}");
        works(algorithm, json!({ "algorithm": algorithm, "private_key": bundle })).await;
    }
}

#[rocket::async_test]
async fn a_number_may_have_a_leading_zero() {
    let mut key: Value = serde_json::from_str(jwk::RSA_2048).expect("JSON");
    key["alg"] = json!("RS256");
    let modulus = URL_SAFE_NO_PAD.decode(key["n"].as_str().expect("text")).expect("base64url");
    key["n"] = json!(URL_SAFE_NO_PAD.encode([&[0], &modulus[..]].concat()));
    works("n", json!({ "jwk": key.to_string() })).await;
}

#[rocket::async_test]
async fn a_file_may_begin_with_a_byte_order_mark() {
    for (name, setting, text) in [("key.json", "jwk", jwk::P256), ("key.pem", "private_key", pem::P256)] {
        let path = file(name, &format!("\u{feff}{text}"));
        works(name, json!({ "algorithm": "ES256", setting: path.display().to_string() })).await;
        std::fs::remove_file(path).expect("the file exists");
    }
}

/// RFC 9864, section 2.2.
#[rocket::async_test]
async fn ed25519_is_another_name_of_eddsa() {
    let mut key: Value = serde_json::from_str(jwk::ED25519).expect("JSON");
    key["alg"] = json!("Ed25519");
    let auth = keys(json!({ "jwk": key.to_string() })).launch().await;
    let own = token(&auth);
    let forge = Forge::like(&own, EdDSA);
    for (alg, accepted) in [("EdDSA", true), ("Ed25519", true), ("Ed448", false), ("ed25519", false)] {
        let token = forge.clone().header("alg", json!(alg)).token();
        assert_eq!(auth.verify::<User>(&token).is_ok(), accepted, "{alg}");
    }
    assert_eq!(payload(&own)["sub"], "alice");
}

#[rocket::async_test]
async fn white_space_around_a_secret_belongs_to_it_and_is_logged() {
    let log = Log::capture();
    works("newline", json!({ "secret": format!("{}\n", TestKey::SECRET) })).await;
    assert!(log.text().contains("begins or ends with white space"), "{}", log.text());
    let log = Log::capture();
    works("none", json!({ "secret": TestKey::SECRET })).await;
    assert!(!log.text().contains("white space"), "{}", log.text());
}

#[rocket::async_test]
async fn a_secret_may_be_in_a_file() {
    let encoded = "base64:MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=";
    for (content, secret) in [
        (TestKey::SECRET.to_owned(), TestKey::SECRET),
        (format!("{}\n", TestKey::SECRET), TestKey::SECRET),
        (format!("{encoded}\r\n"), "0123456789abcdefghijklmnopqrstuv"),
    ] {
        let path = file("secret", &content);
        let by_file = keys(json!({ "secret_file": path.display().to_string() })).launch().await;
        let by_text = keys(json!({ "secret": secret })).launch().await;
        by_text.verify::<User>(&token(&by_file)).expect("it is the same secret");
        std::fs::remove_file(path).expect("the file exists");
    }
}

//! `kid`: how the key for a token is found.

use jsonwebtoken::Algorithm::{ES256, HS256, HS384, RS256};
use jwt_auth::InvalidToken::{BadSignature, UnknownKey, WrongAlgorithm};
use jwt_auth_tests::{Forge, Setup, TestKey, jwk, pem};
use rocket::serde::json::{Value, json};

use super::{keys, kid, refused, shown, token};

/// An app with two private keys and a secret. The second private key signs.
fn several() -> Setup {
    keys(json!({
        "algorithm": "ES256",
        "private_key": pem::P256,
        "kid": "first",
        "keys": [
            { "algorithm": "RS256", "private_key": pem::RSA_2048, "not_before": "2020-01-01T00:00:00Z" },
            { "algorithm": "HS256", "secret": TestKey::SECRET, "kid": "secret", "not_before": "2019-01-01T00:00:00Z" },
        ],
    }))
}

#[rocket::async_test]
async fn a_kid_names_one_key_and_its_algorithm() {
    let auth = several().launch().await;
    let [first, second] = &shown(&auth)[..] else { panic!("expected two public keys") };
    assert_eq!((first.as_str(), kid(&token(&auth)).as_ref()), ("first", Some(second)));

    for (algorithm, kid, expected) in [
        (ES256, json!("first"), None),
        (RS256, json!(second), None),
        (HS256, json!("secret"), None),
        // The `kid` of another key.
        (ES256, json!("secret"), Some(WrongAlgorithm)),
        (HS256, json!("first"), Some(WrongAlgorithm)),
        (HS256, json!(second), Some(WrongAlgorithm)),
        (HS384, json!("secret"), Some(WrongAlgorithm)),
        // An unknown `kid`.
        (ES256, json!(""), Some(UnknownKey)),
        (ES256, json!("FIRST"), Some(UnknownKey)),
        (HS256, json!("../../etc/passwd"), Some(UnknownKey)),
        (HS256, json!("' OR 1=1 --"), Some(UnknownKey)),
    ] {
        let token = Forge::new(algorithm).no_claim("aud").header("kid", kid.clone()).token();
        assert_eq!(refused(&auth, &token), expected, "{algorithm:?} {kid}");
    }
    let attacker =
        Forge::new(ES256).no_claim("aud").key(TestKey::of_attacker(ES256)).header("kid", json!("first"));
    assert_eq!(refused(&auth, &attacker.token()), Some(BadSignature));
}

#[rocket::async_test]
async fn without_a_kid_the_keys_of_the_algorithm_are_tried() {
    let auth = several().launch().await;
    for algorithm in [ES256, RS256, HS256] {
        assert_eq!(refused(&auth, &Forge::new(algorithm).no_claim("aud").token()), None, "{algorithm:?}");
    }
    assert_eq!(refused(&auth, &Forge::new(HS384).no_claim("aud").token()), Some(WrongAlgorithm));

    let two = json!([
        { "private_key": pem::P256 },
        { "private_key": TestKey::of_attacker(ES256).private, "not_before": "2020-01-01T00:00:00Z" },
    ]);
    let auth = keys(json!({ "algorithm": "ES256", "keys": two })).launch().await;
    assert_eq!(refused(&auth, &Forge::new(ES256).no_claim("aud").token()), None);
    let stranger = Forge::new(ES256).no_claim("aud").with_signature(&[5; 64]);
    assert_eq!(refused(&auth, &stranger), Some(BadSignature));
}

/// A single secret needs no `kid`. When it gets one, its earlier tokens stay valid.
#[rocket::async_test]
async fn giving_a_secret_a_kid_logs_no_user_out() {
    let old = keys(json!({ "secret": TestKey::SECRET })).launch().await;
    let before = token(&old);
    assert_eq!(kid(&before), None);

    let new = TestKey::of_attacker(HS256).private;
    let one = |secret: &str, more: Value| {
        let mut key = json!({ "algorithm": "HS256", "secret": secret });
        key.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("an object"));
        key
    };
    let begin = json!({ "kid": "new", "not_before": "2020-01-01T00:00:00Z" });
    for first in [json!({}), json!({ "kid": "old" })] {
        let rotated = keys(json!({ "keys": [one(TestKey::SECRET, first.clone()), one(new, begin.clone())] }));
        let auth = rotated.launch().await;
        let after = token(&auth);
        assert_eq!(kid(&after).as_deref(), Some("new"));
        assert_eq!((refused(&auth, &before), refused(&auth, &after)), (None, None), "{first}");
        let stranger = Forge::new(HS256)
            .no_claim("aud")
            .sign_with_hmac(HS256, b"an unknown secret that is long enough for HS256");
        assert_eq!(refused(&auth, &stranger), Some(BadSignature));
        assert!(shown(&auth).is_empty(), "a secret was published");
    }
}

/// The private members of a JWK are never published.
#[rocket::async_test]
async fn private_jwks_can_sign_but_are_not_published() {
    for (algorithm, text) in [
        (None, jwk::P256),
        (None, jwk::P384),
        (None, jwk::ED25519),
        (Some("RS256"), jwk::RSA_2048),
        (Some("PS384"), jwk::RSA_2048),
    ] {
        let mut key = json!({ "jwk": text, "kid": "mine" });
        if let Some(algorithm) = algorithm {
            key["algorithm"] = json!(algorithm);
        }
        let set = json!({ "keys": [serde_json::from_str::<Value>(text).expect("JSON")] }).to_string();
        let mut in_set = json!({ "jwks": set });
        if let Some(algorithm) = algorithm {
            in_set["algorithm"] = json!(algorithm);
        }
        let (one, other) =
            (keys(json!({ "keys": [key] })).launch().await, keys(json!({ "keys": [in_set] })).launch().await);
        assert_eq!(kid(&token(&one)).as_deref(), Some("mine"));
        assert_eq!(refused(&one, &token(&one)), None, "{algorithm:?}");
        assert_eq!(refused(&other, &token(&other)), None, "{algorithm:?}");

        let private: Value = serde_json::from_str(text).expect("JSON");
        for auth in [&one, &other] {
            let shown = serde_json::to_string(&auth.jwks()).expect("JSON");
            for member in ["d", "p", "q", "dp", "dq", "qi"] {
                let value = private[member].as_str();
                assert!(
                    !value.is_some_and(|value| shown.contains(value)),
                    "`{member}` is published: {shown}"
                );
            }
        }
    }
}

//! All algorithms, tested against jsonwebtoken.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Header, Validation, decode, encode};
use jwt_auth::AuthError;
use jwt_auth_tests::{ALGORITHMS, Forge, Setup, TestKey, User, pem, user};
use rocket::serde::json::{Value, json};

#[rocket::async_test]
async fn jsonwebtoken_accepts_our_access_tokens_but_not_our_refresh_tokens() {
    for algorithm in ALGORITHMS {
        let auth = Setup::memory().key(algorithm).launch().await;
        let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
        let key = TestKey::of(algorithm).decoding();
        let plain = Validation::new(algorithm);
        let mut of_api = plain.clone();
        of_api.set_audience(&["api"]);
        for validation in [&plain, &of_api] {
            let read = decode::<Value>(&pair.refresh_token, &key, validation).map(drop);
            assert_eq!(
                read.expect_err("a refresh token is only for its own app").kind(),
                &ErrorKind::InvalidAudience
            );
        }
        let mut of_refresh = plain.clone();
        of_refresh.set_audience(&["refresh"]);
        for (token, typ, validation) in
            [(&pair.access_token, "at+jwt", plain), (&pair.refresh_token, "rt+jwt", of_refresh)]
        {
            let read = decode::<Value>(token, &key, &validation);
            let read = read.unwrap_or_else(|error| panic!("{algorithm:?}: {error}"));
            assert_eq!(read.claims["sub"], "alice", "{algorithm:?}");
            assert_eq!(read.header.typ.as_deref(), Some(typ), "{algorithm:?}");
        }
    }
}

#[rocket::async_test]
async fn tokens_from_jsonwebtoken_are_accepted() {
    for algorithm in ALGORITHMS {
        let auth = Setup::memory().key(algorithm).launch().await;
        let header = Header { typ: Some("at+jwt".to_owned()), ..Header::new(algorithm) };
        let claims: Value =
            serde_json::from_str(&Forge::new(algorithm).no_claim("aud").payload_text()).expect("JSON");
        let token = encode(&header, &claims, &TestKey::of(algorithm).encoding()).expect("a token");
        let alice = auth.verify::<User>(&token).unwrap_or_else(|error| panic!("{algorithm:?}: {error:?}"));
        assert_eq!(alice.name, "alice");
    }
}

/// Each key is bound to one algorithm, even if it could be used with others (RFC 8725, section 3.1).
#[rocket::async_test]
async fn a_token_with_another_algorithm_is_rejected() {
    for ours in ALGORITHMS {
        let auth = Setup::memory().key(ours).launch().await;
        for theirs in ALGORITHMS {
            let accepted = auth.verify::<User>(&Forge::new(theirs).no_claim("aud").token()).is_ok();
            assert_eq!(accepted, ours == theirs, "a {theirs:?} token, where {ours:?} is expected");
        }
    }
}

#[rocket::async_test]
async fn rsa_keys_are_read_in_every_format_that_openssl_writes() {
    let pkcs1 = Setup::memory().key(jsonwebtoken::Algorithm::RS256).with("private_key", pem::RSA_2048_PKCS1);
    let public = pkcs1.clone().with("public_key", pem::RSA_2048_PKCS1_PUBLIC);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/keys/rsa2048.pem");
    let path = pkcs1.clone().with("private_key", file);
    for setup in [pkcs1, public, path] {
        let auth = setup.launch().await;
        auth.verify::<User>(&Forge::new(jsonwebtoken::Algorithm::RS256).no_claim("aud").token())
            .expect("the same key");
    }
}

#[rocket::async_test]
async fn an_app_with_only_a_public_key_verifies_but_does_not_sign() {
    for algorithm in ALGORITHMS.into_iter().filter(|a| TestKey::of(*a).setting == "private_key") {
        let setup = Setup::bare(rocket::Config::debug_default())
            .with("algorithm", format!("{algorithm:?}"))
            .with("public_key", TestKey::of(algorithm).public);
        let auth = setup.launch().await;
        auth.verify::<User>(&Forge::new(algorithm).no_claim("aud").token()).expect("a valid token");
        assert_eq!(
            serde_json::to_value(auth.jwks()).expect("JSON")["keys"][0]["alg"],
            json!(format!("{algorithm:?}"))
        );
        let pair = auth.generate_tokens(&user("alice")).await;
        assert!(matches!(pair, Err(AuthError::Internal(_))), "{pair:?}");
        assert_eq!(
            auth.sessions::<User>("alice").await.expect("memory works"),
            [],
            "a login without tokens created a session"
        );
    }
}

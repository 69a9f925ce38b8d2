//! `JwtAuth::reload_keys`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use jsonwebtoken::Algorithm::{ES256, HS256};
use jwt_auth::InvalidToken::UnknownKey;
use jwt_auth::JwtAuth;
use jwt_auth_tests::{Log, Setup, TestKey, User, pem, refresh, user};
use rocket::serde::json::{Value, json};
use rocket::tokio::task::spawn_blocking;

use super::{keys, kid, refused, shown, token};

#[rocket::async_test]
async fn a_reload_replaces_all_keys_or_none() {
    let auth = keys(json!({ "algorithm": "ES256", "private_key": pem::P256 })).launch().await;
    let before = token(&auth);
    let old = shown(&auth);

    let next =
        json!({ "private_key": TestKey::of_attacker(ES256).private, "not_before": "2020-01-01T00:00:00Z" });
    for wrong in [
        json!({ "algorithm": "ES256" }),
        json!({ "algorithm": "ES256", "private_key": pem::P384 }),
        json!({ "algorithm": "ES256", "private_key": pem::P256, "keys": [next, { "private_key": "/nowhere.pem" }] }),
        json!({ "algorithm": "ES256", "private_key": pem::P256, "kyes": [next] }),
        json!({}),
    ] {
        let error = auth.reload_keys(keys(wrong.clone()).figment()).expect_err("invalid keys");
        assert!(!error.to_string().is_empty());
        assert_eq!((refused(&auth, &before), shown(&auth)), (None, old.clone()), "{wrong}");
        assert_eq!(kid(&token(&auth)), kid(&before));
    }

    let log = Log::capture();
    let rotated = json!({ "algorithm": "ES256", "private_key": pem::P256, "keys": [next] });
    auth.reload_keys(keys(rotated).figment()).expect("valid keys");
    let after = token(&auth);
    assert_ne!(kid(&after), kid(&before));
    let kid = kid(&after).expect("a public key has a `kid`");
    assert!(
        log.text().contains(&format!("tokens are signed with ES256 and the key `{kid}`")),
        "{}",
        log.text()
    );
    assert_eq!((refused(&auth, &before), refused(&auth, &after)), (None, None));

    // Once the first key has been removed, its tokens are rejected at once.
    auth.reload_keys(keys(json!({ "algorithm": "ES256", "keys": [next] })).figment()).expect("valid keys");
    assert_eq!((refused(&auth, &before), refused(&auth, &after)), (Some(UnknownKey), None));
}

/// Tokens that were signed with the secret stay valid.
#[rocket::async_test]
async fn an_app_can_migrate_from_a_secret_to_a_key_pair() {
    let auth = Setup::memory().launch().await;
    let session = auth.generate_tokens(&user("alice")).await.expect("a login");
    let pair =
        json!({ "algorithm": "ES256", "private_key": pem::P256, "not_before": "2020-01-01T00:00:00Z" });
    auth.reload_keys(Setup::memory().with("keys", [pair]).figment()).expect("valid keys");
    assert_eq!(refused(&auth, &session.access_token), None);
    let session = refresh(&auth, &session.refresh_token).await.expect("a token signed with the secret");
    assert_eq!(shown(&auth), kid(&session.access_token).into_iter().collect::<Vec<_>>());
}

/// A valid token is accepted at every point of a rotation.
#[rocket::async_test]
async fn no_request_fails_while_keys_change() {
    let secret = |secret: &str, kid: &str, year: u64| -> Value {
        json!({ "algorithm": "HS256", "secret": secret, "kid": kid, "not_before": format!("{year}-01-01T00:00:00Z") })
    };
    let [one, other] = [TestKey::SECRET, TestKey::of_attacker(HS256).private];
    let states = [
        json!([secret(one, "one", 2020)]),
        json!([secret(one, "one", 2020), secret(other, "other", 2021)]),
        json!([secret(one, "one", 2021), secret(other, "other", 2020)]),
    ];
    let auth = keys(json!({ "keys": states[0] })).launch().await;
    let done = Arc::new(AtomicBool::new(false));
    let request = |auth: JwtAuth, done: Arc<AtomicBool>| {
        move || {
            let mut count = 0;
            while !done.load(Relaxed) {
                let token = token(&auth);
                assert!(auth.verify::<User>(&token).is_ok(), "a valid token was rejected: {token}");
                count += 1;
            }
            count
        }
    };
    let requests: Vec<_> = (0..4).map(|_| spawn_blocking(request(auth.clone(), Arc::clone(&done)))).collect();
    for round in 0..200 {
        // The next state still contains the key that signed before.
        let state = &states[1 + round % 2];
        auth.reload_keys(keys(json!({ "keys": state })).figment()).expect("valid keys");
    }
    done.store(true, Relaxed);
    for request in requests {
        assert!(request.await.expect("no token was rejected") > 0);
    }
}

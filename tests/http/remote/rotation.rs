//! Providers that rotate their keys while the app runs.

use jsonwebtoken::Algorithm::{ES256, RS256};
use jwt_auth_tests::{Forge, TestKey, jwk};
use rocket::http::Status;
use rocket::serde::json::{Value, json};

use super::fake_provider::{FakeProvider, Mode, public, set};
use super::{IDP, app, cooldown, fetched, slow_app, status, token, with_keys};

#[rocket::async_test]
async fn an_unknown_key_is_fetched() {
    let (provider, client) = with_keys().await;
    assert_eq!(status(&client, &token("first")).await, Status::Ok);
    assert_eq!(provider.fetches(), 1, "the key was known");

    provider.set_mode(Mode::Json(json!({ "keys": [public("first"), public("second")] })));
    cooldown().await;
    assert_eq!(status(&client, &token("second")).await, Status::Ok, "the request waits for its key");
    assert_eq!(status(&client, &token("first")).await, Status::Ok);
    assert_eq!(provider.fetches(), 2);

    // The next fetch drops the first key.
    provider.set_mode(Mode::Json(set("second")));
    cooldown().await;
    assert_eq!(status(&client, &token("third")).await, Status::Unauthorized);
    assert_eq!(status(&client, &token("first")).await, Status::Unauthorized);
    assert_eq!(status(&client, &token("second")).await, Status::Ok);
}

#[rocket::async_test]
async fn a_key_that_is_published_a_moment_after_a_fetch_is_found_at_once() {
    let provider = FakeProvider::start(Mode::Json(set("first"))).await;
    let client = slow_app(&provider).await;
    fetched(&provider).await;
    for name in ["second", "third"] {
        provider.set_mode(Mode::Json(json!({ "keys": [public("first"), public(name)] })));
        assert_eq!(status(&client, &token(name)).await, Status::Ok, "{name}");
    }
    assert_eq!(status(&client, &token("fourth")).await, Status::Unauthorized, "the issuer does not have it");
    let fetches = provider.fetches();
    assert_eq!(status(&client, &token("fourth")).await, Status::Unauthorized, "that is known");
    assert_eq!(provider.fetches(), fetches);
}

/// RFC 7517, section 4.5, has an RSA key and an elliptic one with the same name as its example.
#[rocket::async_test]
async fn keys_of_one_name_or_none_are_tried() {
    let elliptic = |kid: Value| {
        let private: Value = serde_json::from_str(jwk::P256).expect("JSON");
        json!({ "kty": "EC", "crv": "P-256", "kid": kid, "x": private["x"], "y": private["y"] })
    };
    let other = json!({
        "kty": "RSA", "alg": "RS256", "kid": "shared", "e": "AQAB",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    });
    let keys = json!({ "keys": [other, public("shared"), elliptic(json!("shared"))] });
    let provider = FakeProvider::start(Mode::Json(keys)).await;
    let client = app(&provider).await;
    fetched(&provider).await;
    for algorithm in [RS256, ES256] {
        let forge = || {
            let forge = Forge::new(algorithm).header("typ", json!("JWT")).claim("sub", json!("ann"));
            forge.claim("iss", json!(IDP)).header("kid", json!("shared"))
        };
        let forged = forge().key(TestKey::of_attacker(algorithm)).token();
        for (token, expected) in [
            (forge().token(), Status::Ok),
            (forge().no_header("kid").token(), Status::Ok),
            (forged, Status::Unauthorized),
        ] {
            assert_eq!(status(&client, &token).await, expected, "{algorithm:?}");
        }
    }
}

#[rocket::async_test]
async fn many_unknown_key_ids_cause_few_fetches() {
    let (provider, client) = with_keys().await;
    cooldown().await;
    let names: Vec<String> = (0..500).map(|n| token(&format!("no-{n}"))).collect();
    let begin = std::time::Instant::now();
    // A name is not rejected before it was looked for.
    let statuses = rocket::futures::future::join_all(names.iter().map(|token| status(&client, token))).await;
    let rejected = [Status::Unauthorized, Status::ServiceUnavailable];
    assert!(statuses.iter().all(|status| rejected.contains(status)));
    let cooldowns = begin.elapsed().as_secs() as usize;
    assert!(provider.fetches() <= 6 + cooldowns, "{} fetches", provider.fetches());
    assert_eq!(status(&client, &token("first")).await, Status::Ok);
}

//! A provider that fails, before and after the first fetch of its keys.

use std::time::{Duration, Instant};

use rocket::http::Status;
use rocket::serde::json::json;

use super::fake_provider::{FakeProvider, Mode, set};
use super::{app, ask, cooldown, status, token, with_keys};

#[rocket::async_test]
async fn without_any_keys_the_response_is_503() {
    let provider = FakeProvider::start(Mode::Broken).await;
    let client = app(&provider).await;
    let answer = ask(&client, &token("first")).await;
    assert_eq!(answer.status(), Status::ServiceUnavailable);
    assert!(answer.headers().get_one("Retry-After").is_some());
    // Tokens of other issuers are not affected.
    let ours = jwt_auth_tests::Forge::new(jsonwebtoken::Algorithm::RS256).token();
    assert_eq!(status(&client, &ours).await, Status::Unauthorized);

    provider.answers(Mode::Json(set("first")));
    cooldown().await;
    assert_eq!(status(&client, &token("first")).await, Status::Ok);
}

#[rocket::async_test]
async fn the_last_keys_are_kept_if_a_fetch_fails() {
    let (provider, client) = with_keys().await;
    assert_eq!(status(&client, &token("first")).await, Status::Ok);
    for mode in [
        Mode::Broken,
        Mode::Rubbish,
        Mode::Elsewhere,
        Mode::Endless,
        Mode::Json(json!({})),
        Mode::Json(json!({ "keys": [] })),
        Mode::Json(
            json!({ "keys": [{ "kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA", "kid": "second" }] }),
        ),
        Mode::Json(
            json!({ "keys": [{ "kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXM", "alg": "HS256", "kid": "first" }] }),
        ),
    ] {
        provider.answers(mode);
        cooldown().await;
        let before = provider.fetches();
        // It is unknown whether these keys exist.
        for unknown in ["second", "elsewhere", "broken"] {
            assert_eq!(status(&client, &token(unknown)).await, Status::ServiceUnavailable);
        }
        assert!(provider.fetches() > before, "the keys were fetched again");
        assert_eq!(status(&client, &token("first")).await, Status::Ok);
    }
}

#[rocket::async_test]
async fn a_silent_provider_does_not_delay_tokens_with_known_keys() {
    let (provider, client) = with_keys().await;
    provider.answers(Mode::Silent);
    cooldown().await;

    let begin = Instant::now();
    let unknown = token("second");
    let waits = async {
        assert_eq!(status(&client, &unknown).await, Status::ServiceUnavailable);
        begin.elapsed()
    };
    let known = token("first");
    let continues = async {
        rocket::tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(status(&client, &known).await, Status::Ok);
        begin.elapsed()
    };
    let (waited, continued) = rocket::tokio::join!(waits, continues);
    assert!(waited < Duration::from_secs(30), "{waited:?}");
    assert!(continued < waited, "{continued:?}");
}

/// However many requests wait, and however short the cooldown is.
#[rocket::async_test]
async fn no_request_waits_for_more_than_one_fetch() {
    let (provider, client) = with_keys().await;
    provider.answers(Mode::Silent);
    cooldown().await;
    let begin = Instant::now();
    let tokens: Vec<String> = (0..100).map(|n| token(&format!("no-{n}"))).collect();
    let answers = rocket::futures::future::join_all(tokens.iter().map(|token| status(&client, token))).await;
    assert!(answers.iter().all(|status| *status == Status::ServiceUnavailable));
    // One after the other, they would wait for minutes.
    assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", begin.elapsed());
    assert_eq!(status(&client, &token("first")).await, Status::Ok);
}

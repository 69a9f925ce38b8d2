//! A provider that fails, before and after the first fetch of its keys.

use std::time::{Duration, Instant};

use rocket::http::Status;
use rocket::serde::json::json;

use super::fake_provider::{FakeProvider, Mode, set};
use super::{app, cooldown, request, status, token, with_keys};

#[rocket::async_test]
async fn the_response_is_503_until_the_first_keys_are_fetched() {
    let provider = FakeProvider::start(Mode::Broken).await;
    let client = app(&provider).await;
    let response = request(&client, &token("first")).await;
    assert_eq!(response.status(), Status::ServiceUnavailable);
    assert!(response.headers().get_one("Retry-After").is_some());
    // Tokens of other issuers are not affected.
    let ours = jwt_auth_tests::Forge::new(jsonwebtoken::Algorithm::RS256).token();
    assert_eq!(status(&client, &ours).await, Status::Unauthorized);

    provider.set_mode(Mode::Json(set("first")));
    cooldown().await;
    assert_eq!(status(&client, &token("first")).await, Status::Ok);
}

#[rocket::async_test]
async fn the_previous_keys_are_kept_if_a_fetch_fails() {
    let (provider, client) = with_keys().await;
    assert_eq!(status(&client, &token("first")).await, Status::Ok);
    for mode in [
        Mode::Broken,
        Mode::Garbage,
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
        provider.set_mode(mode);
        cooldown().await;
        let before = provider.fetches();
        // The app does not know whether these keys exist.
        for unknown in ["second", "elsewhere", "broken"] {
            assert_eq!(status(&client, &token(unknown)).await, Status::ServiceUnavailable);
        }
        assert!(provider.fetches() > before, "the keys were not fetched again");
        assert_eq!(status(&client, &token("first")).await, Status::Ok);
    }
}

#[rocket::async_test]
async fn a_silent_provider_does_not_delay_tokens_with_known_keys() {
    let (provider, client) = with_keys().await;
    provider.set_mode(Mode::Silent);
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

/// This holds for any number of waiting requests and for any cooldown.
#[rocket::async_test]
async fn no_request_waits_for_more_than_one_fetch() {
    let (provider, client) = with_keys().await;
    provider.set_mode(Mode::Silent);
    cooldown().await;
    let begin = Instant::now();
    let tokens: Vec<String> = (0..100).map(|n| token(&format!("no-{n}"))).collect();
    let statuses = rocket::futures::future::join_all(tokens.iter().map(|token| status(&client, token))).await;
    assert!(statuses.iter().all(|status| *status == Status::ServiceUnavailable));
    // If each waited for its own fetch, they would wait for minutes.
    assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", begin.elapsed());
    assert_eq!(status(&client, &token("first")).await, Status::Ok);
}

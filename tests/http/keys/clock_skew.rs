//! Instances whose clocks differ, around the time when the next key starts to sign.

use std::time::Duration;

use jsonwebtoken::Algorithm::ES256;
use jwt_auth::clock::{Clock, ManualClock};
use jwt_auth::{InvalidGrant, InvalidToken, JwtAuth};
use jwt_auth_tests::{Forge, Setup, TestKey, payload, pem, refresh, refusal, user};
use rocket::serde::json::json;

use super::{after, keys, kid, refused, shown, token};

/// An app whose next key signs after a minute.
fn rotating(leeway: &str) -> Setup {
    let setup = keys(json!({ "algorithm": "ES256", "private_key": pem::P256, "leeway": leeway }));
    let begin = after(&setup, 60);
    setup.with("keys", [json!({ "private_key": TestKey::of_attacker(ES256).private, "not_before": begin })])
}

/// Launches an instance with these settings whose clock is ahead.
async fn ahead(setup: &Setup, seconds: u64) -> JwtAuth {
    let mut ahead = setup.clone();
    ahead.clock = ManualClock::at(setup.clock.now());
    ahead.advance(seconds);
    ahead.launch().await
}

fn advance(setup: &Setup, millis: u64) {
    setup.clock.advance(Duration::from_millis(millis));
}

#[rocket::async_test]
async fn a_token_from_an_instance_whose_clock_is_two_seconds_ahead_is_accepted() {
    let setup = rotating("10s");
    let behind = setup.launch().await;
    advance(&setup, 58_000);
    let ahead = ahead(&setup, 2).await;
    let token = token(&ahead);
    assert_eq!(kid(&token).as_ref(), shown(&ahead).last(), "the next key signs");
    assert_eq!(refused(&behind, &token), None);
}

#[rocket::async_test]
async fn an_access_token_signed_with_the_next_key_is_accepted_leeway_before_not_before() {
    for (leeway, millis) in [("10s", 10_000), ("1m", 60_000), ("1ms", 1), ("0s", 0)] {
        let setup = rotating(leeway);
        let behind = setup.launch().await;
        let ahead = ahead(&setup, 60).await;
        let token = token(&ahead);
        // A token whose header the app would not write takes another path, where the key is looked up by `kid`.
        let key = TestKey::of_attacker(ES256);
        let foreign = Forge::like(&token, ES256).key(key).header("note", json!("another header")).token();
        if millis < 60_000 {
            advance(&setup, 60_000 - millis - 1);
            for token in [&token, &foreign] {
                assert_eq!(refused(&behind, token), Some(InvalidToken::UnknownKey), "1 ms before, {leeway}");
            }
            advance(&setup, 1);
        }
        assert_eq!((refused(&behind, &token), refused(&behind, &foreign)), (None, None), "{leeway}");
    }
}

#[rocket::async_test]
async fn a_refresh_token_signed_with_the_next_key_is_accepted_leeway_before_not_before() {
    let setup = rotating("10s");
    let behind = setup.launch().await;
    let session = behind.generate_tokens(&user("alice")).await.expect("a login");
    // The token that an instance whose clock is ahead would sign.
    let next = shown(&behind).last().cloned().expect("two keys");
    let token = Forge::like(&session.refresh_token, ES256).header("kid", json!(next));
    let token = token.key(TestKey::of_attacker(ES256)).token();
    assert_eq!(payload(&token), payload(&session.refresh_token));

    advance(&setup, 49_999);
    let early = refresh(&behind, &token).await;
    assert_eq!(refusal(early), InvalidGrant::Token(InvalidToken::UnknownKey));
    advance(&setup, 1);
    let session = refresh(&behind, &token).await.expect("the session continues");
    assert_ne!(kid(&session.refresh_token), Some(next), "the next key does not sign yet");
}

#[rocket::async_test]
async fn a_key_does_not_sign_before_not_before_whatever_the_leeway() {
    let setup = rotating("1m");
    let auth = setup.launch().await;
    let [old, next] = &shown(&auth)[..] else { panic!("expected two keys") };
    advance(&setup, 59_999);
    assert_eq!(kid(&token(&auth)).as_ref(), Some(old));
    advance(&setup, 1);
    assert_eq!(kid(&token(&auth)).as_ref(), Some(next));
}

#[rocket::async_test]
async fn a_key_does_not_verify_after_retire_at_whatever_the_leeway() {
    let setup = keys(json!({ "algorithm": "ES256", "private_key": pem::P256, "leeway": "1m" }));
    let end = after(&setup, 60);
    let next = json!({ "private_key": TestKey::of_attacker(ES256).private, "not_before": end });
    let setup = setup.with("retire_at", end).with("keys", [next]);
    let auth = setup.launch().await;
    let (access, session) = (token(&auth), auth.generate_tokens(&user("alice")).await.expect("a login"));
    advance(&setup, 59_999);
    assert_eq!(refused(&auth, &access), None);
    advance(&setup, 1);
    assert_eq!(refused(&auth, &access), Some(InvalidToken::UnknownKey));
    let late = refresh(&auth, &session.refresh_token).await;
    assert_eq!(refusal(late), InvalidGrant::Token(InvalidToken::UnknownKey));
}

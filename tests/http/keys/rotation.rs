//! Scheduled key rotation: `not_before` and `retire_at`.

use std::time::Duration;

use jsonwebtoken::Algorithm;
use jwt_auth::{AuthError, InvalidGrant, InvalidToken};
use jwt_auth_tests::{Setup, TestKey, pem, refresh, refusal, user};
use rocket::serde::json::json;

use super::{after, keys, kid, refused, shown, token};
use crate::app::{client, get};

/// An app whose next key signs after half an hour, and whose first key is retired after an hour.
fn rotating() -> Setup {
    let setup = keys(json!({ "algorithm": "ES256", "private_key": pem::P256 }));
    let (begin, end) = (after(&setup, 1_800), after(&setup, 3_600));
    let next = json!({ "private_key": TestKey::of_attacker(Algorithm::ES256).private, "not_before": begin });
    setup.with("access_ttl", "2h").with("retire_at", end).with("keys", [next])
}

#[rocket::async_test]
async fn the_next_key_signs_from_not_before_and_the_old_one_verifies_until_retire_at() {
    let setup = rotating();
    let auth = setup.launch().await;
    let (first, session) = (token(&auth), auth.generate_tokens(&user("alice")).await.expect("a login"));
    let idle = auth.generate_tokens(&user("alice")).await.expect("a login");
    let [old, new] = &shown(&auth)[..] else { panic!("expected two keys, before the second one signs") };
    assert_eq!(kid(&first).as_deref(), Some(old.as_str()));

    setup.advance(1_800);
    let second = token(&auth);
    assert_eq!(kid(&second).as_deref(), Some(new.as_str()));
    assert_eq!((refused(&auth, &first), refused(&auth, &second)), (None, None));
    let session =
        refresh(&auth, &session.refresh_token).await.expect("a refresh token signed with the old key");
    assert_eq!(kid(&session.refresh_token).as_deref(), Some(new.as_str()));

    setup.clock.advance(Duration::from_millis(1_799_999));
    assert_eq!(refused(&auth, &first), None, "a millisecond before `retire_at`");
    setup.clock.advance(Duration::from_millis(1));
    assert_eq!(refused(&auth, &first), Some(InvalidToken::UnknownKey));
    assert_eq!(refused(&auth, &second), None);
    assert_eq!(shown(&auth), std::slice::from_ref(new));
    refresh(&auth, &session.refresh_token).await.expect("a refresh token signed with the new key");
    let gone = refresh(&auth, &idle.refresh_token).await;
    assert_eq!(refusal(gone), InvalidGrant::Token(InvalidToken::UnknownKey));
}

#[rocket::async_test]
async fn tokens_of_a_key_are_rejected_before_its_not_before() {
    let other = Setup::memory().key(Algorithm::ES256).launch().await;
    let early = token(&other);
    let setup = keys(json!({ "algorithm": "ES256" }));
    let begin = after(&setup, 60);
    let setup = setup.with("keys", [json!({ "public_key": pem::P256_PUBLIC, "not_before": begin })]);
    let auth = setup.launch().await;
    assert_eq!(shown(&auth), kid(&early).into_iter().collect::<Vec<_>>(), "the key is published in advance");
    assert_eq!(refused(&auth, &early), Some(InvalidToken::UnknownKey));
    setup.advance(60);
    assert_eq!(refused(&auth, &early), None);
}

#[rocket::async_test]
async fn without_an_active_key_nothing_is_signed() {
    let setup = keys(json!({ "algorithm": "ES256", "private_key": pem::P256 }));
    let (begin, end) = (after(&setup, 60), after(&setup, 120));
    let setup = setup.with("not_before", begin).with("retire_at", end);
    let auth = setup.launch().await;
    let mut signed = Vec::new();
    for _ in 0..3 {
        signed.push(match auth.create_access_token(&user("alice")).await {
            Ok(_) => true,
            Err(AuthError::Internal(text)) if text.contains("no key that signs is in force") => false,
            Err(other) => panic!("{other:?}"),
        });
        setup.advance(60);
    }
    assert_eq!(signed, [false, true, false]);
}

#[test]
fn the_jwk_set_is_cached_only_until_its_next_change() {
    let setup = rotating();
    let client = client(&setup);
    let cached = || {
        let response = get(&client, "/.well-known/jwks.json", &[]);
        response.headers().get_one("Cache-Control").expect("the header").to_owned()
    };
    assert_eq!(cached(), "public, max-age=300");
    setup.advance(3_600 - 20);
    assert_eq!(cached(), "public, max-age=20");
    setup.advance(20);
    assert_eq!(cached(), "public, max-age=300");
}

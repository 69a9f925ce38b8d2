//! Expiry of sessions and their tokens.

use jwt_auth::{InvalidGrant, InvalidToken};
use jwt_auth_tests::{Setup, User, payload, refresh, refusal, user};

on_every_store![
    an_unused_session_expires,
    a_refresh_extends_the_idle_end,
    a_refresh_never_extends_the_absolute_end,
    an_access_token_does_not_outlive_its_session,
    an_expired_session_is_not_listed,
];

const DAY: u64 = 24 * 60 * 60;
/// The default of `leeway`, in seconds.
const LEEWAY: u64 = 10;

async fn an_unused_session_expires(setup: Setup) {
    let auth = setup.launch().await;
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    setup.advance(14 * DAY);
    assert_eq!(refusal(refresh(&auth, &pair.refresh_token).await), InvalidGrant::Expired);
}

async fn a_refresh_extends_the_idle_end(setup: Setup) {
    let auth = setup.launch().await;
    let mut pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    for _ in 0..3 {
        setup.advance(14 * DAY - 1);
        pair = refresh(&auth, &pair.refresh_token).await.expect("the last second");
    }
    let session = auth.check_refresh_token(&pair.refresh_token).await.expect("the session is alive");
    assert_eq!(session.expires_at.since(session.last_used_at).as_secs(), 14 * DAY);
}

async fn a_refresh_never_extends_the_absolute_end(setup: Setup) {
    let auth = setup.launch().await;
    let mut pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    let begin = payload(&pair.access_token)["iat"].as_u64().expect("`iat` is a number");
    for _ in 0..8 {
        setup.advance(10 * DAY);
        pair = refresh(&auth, &pair.refresh_token).await.expect("the session is alive");
    }
    assert_eq!(
        payload(&pair.refresh_token)["exp"],
        begin + 90 * DAY,
        "the refresh token does not expire at the absolute end"
    );
    setup.advance(10 * DAY - 1);
    pair = refresh(&auth, &pair.refresh_token).await.expect("the last second");
    setup.advance(1);
    assert_eq!(refusal(refresh(&auth, &pair.refresh_token).await), InvalidGrant::Expired);
    setup.advance(LEEWAY);
    let expired = InvalidGrant::Token(InvalidToken::Expired);
    assert_eq!(refusal(refresh(&auth, &pair.refresh_token).await), expired);
}

async fn an_access_token_does_not_outlive_its_session(setup: Setup) {
    let setup = setup.with("session_ttl", "14d");
    let auth = setup.launch().await;
    let first = auth.generate_tokens(&user("alice")).await.expect("a login");
    setup.advance(14 * DAY - 60);
    let last = refresh(&auth, &first.refresh_token).await.expect("the session is alive");

    assert_eq!(last.expires_in, 60);
    auth.verify::<User>(&last.access_token).expect("valid for a minute");
    setup.advance(60 + LEEWAY);
    assert!(auth.verify::<User>(&last.access_token).is_err());
}

async fn an_expired_session_is_not_listed(setup: Setup) {
    let auth = setup.launch().await;
    auth.generate_tokens(&user("alice")).await.expect("a login");
    setup.advance(10 * DAY);
    auth.generate_tokens(&user("alice")).await.expect("a login");
    assert_eq!(auth.sessions::<User>("alice").await.expect("the store works").len(), 2);
    setup.advance(4 * DAY);
    assert_eq!(auth.sessions::<User>("alice").await.expect("the store works").len(), 1);
}

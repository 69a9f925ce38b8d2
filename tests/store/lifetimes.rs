//! Lifetimes that a login sets for its own session.

use std::time::Duration;

use jwt_auth::{AuthError, InvalidGrant, JwtAuth, Lifetime};
use jwt_auth_tests::{Setup, User, arrive, payload, refresh, refusal, user};

on_every_store![
    a_short_idle_time_survives_every_refresh,
    a_long_idle_time_outlasts_the_setting,
    the_absolute_end_applies_to_this_session_only,
    invalid_lifetimes_begin_no_session,
];

const HOUR: u64 = 60 * 60;
const DAY: u64 = 24 * HOUR;

async fn a_short_idle_time_survives_every_refresh(setup: Setup) {
    let auth = setup.launch().await;
    let alice = user("alice");
    let mut pair = auth.generate_tokens(&alice).idle("1h").absolute("3h").await.expect("a login");
    let begin = payload(&pair.access_token)["iat"].as_u64().expect("`iat` is a number");
    for minutes_left in [60, 60, 60, 3] {
        assert_eq!(pair.refresh_expires_in, minutes_left * 60);
        let session = auth.check_refresh_token(&pair.refresh_token).await.expect("the session is alive");
        assert_eq!(session.ends_at.as_secs(), begin + 3 * HOUR);
        assert!(session.refreshable && session.expires_at <= session.ends_at);
        if minutes_left == 60 {
            setup.advance(59 * 60);
            pair = refresh(&auth, &pair.refresh_token).await.expect("within the hour");
        }
    }
    setup.advance(3 * 60);
    assert_eq!(refusal(refresh(&auth, &pair.refresh_token).await), InvalidGrant::Expired);

    let mut pair = auth.generate_tokens(&alice).idle("1h").await.expect("a login");
    for _ in 0..3 {
        setup.advance(59 * 60);
        pair = refresh(&auth, &pair.refresh_token).await.expect("within the hour");
    }
    setup.advance(HOUR);
    assert_eq!(refusal(refresh(&auth, &pair.refresh_token).await), InvalidGrant::Expired);
}

async fn a_long_idle_time_outlasts_the_setting(setup: Setup) {
    let setup = setup.with("refresh_ttl", "1h").with("session_ttl", "2h");
    let auth = setup.launch().await;
    let idle = Duration::from_secs(2 * DAY);
    let pair = auth.generate_tokens(&user("alice")).idle(idle).absolute("4d").await.expect("a login");
    setup.advance(2 * DAY - 1);
    let pair = refresh(&auth, &pair.refresh_token).await.expect("the last second");
    arrive::<User>(&auth, &pair).await;
    setup.advance(2 * DAY - 1);
    let pair = refresh(&auth, &pair.refresh_token).await.expect("the last second again");
    assert_eq!(pair.expires_in, 2, "no access token outlives the session");
    setup.advance(2);
    assert_eq!(refusal(refresh(&auth, &pair.refresh_token).await), InvalidGrant::Expired);
}

async fn the_absolute_end_applies_to_this_session_only(setup: Setup) {
    let auth = setup.launch().await;
    let short = auth.generate_tokens(&user("alice")).absolute("12h").await.expect("a login");
    let usual = auth.generate_tokens(&user("alice")).await.expect("a login");
    assert_eq!([short.refresh_expires_in, usual.refresh_expires_in], [12 * HOUR, 14 * DAY]);
    setup.advance(11 * HOUR);
    let short = refresh(&auth, &short.refresh_token).await.expect("the session is alive");
    assert_eq!(short.refresh_expires_in, HOUR);
    setup.advance(HOUR);
    assert_eq!(refusal(refresh(&auth, &short.refresh_token).await), InvalidGrant::Expired);
    refresh(&auth, &usual.refresh_token).await.expect("the other session is alive");
}

async fn invalid_lifetimes_begin_no_session(setup: Setup) {
    let auth = setup.launch().await;
    let login = async |auth: &JwtAuth, idle: Lifetime, absolute: Lifetime| {
        auth.generate_tokens(&user("alice")).idle(idle).absolute(absolute).await.map(drop)
    };
    for (idle, absolute, expected) in [
        ("soon", "1d", "`idle` is \"soon\""),
        ("1h", "forever", "`absolute` is \"forever\""),
        ("0s", "1d", "`idle` must be from 1 second"),
        ("1h", "0s", "`absolute` must be from 1 second"),
        ("2h", "1h", "`idle` is 2 hours, longer than `absolute`"),
    ] {
        match login(&auth, idle.into(), absolute.into()).await {
            Err(AuthError::Internal(message)) => assert!(message.starts_with(expected), "{message}"),
            other => panic!("{idle}, {absolute}: {other:?}"),
        }
    }
    assert_eq!(auth.sessions::<User>("alice").await.expect("the store works").len(), 0);
}

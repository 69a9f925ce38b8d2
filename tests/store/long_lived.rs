//! Access tokens that live longer than `access_ttl`, and have a session of their own.

use std::time::Duration;

use jwt_auth::{AuthError, InvalidToken, JwtAuth, Lifetime, Session};
use jwt_auth_tests::{Setup, User, payload, revoked, user};

on_every_store![
    a_long_lived_token_is_valid_until_its_own_end,
    a_long_lived_token_is_listed_and_ended_like_a_session,
    a_short_ttl_begins_no_session,
    invalid_options_begin_no_session,
    programs_and_people_have_separate_limits,
    a_long_lived_token_cannot_be_exchanged_for_another,
    revoking_a_long_lived_token_ends_its_session,
    a_stream_of_a_long_lived_token_ends_with_its_session,
    no_token_is_issued_on_behalf_of_a_revoked_one,
];

const ACCESS_TTL: u64 = 15 * 60;
const LEEWAY: u64 = 10;
const DAY: u64 = 24 * 60 * 60;

pub(crate) async fn issue(auth: &JwtAuth, ttl: impl Into<Lifetime>) -> String {
    auth.create_access_token(&user("ann")).ttl(ttl).label("ci").await.expect("a token")
}

async fn sessions(auth: &JwtAuth) -> Vec<Session> {
    auth.sessions::<User>("ann").await.expect("the store works")
}

fn reason<T: std::fmt::Debug>(result: Result<T, AuthError>) -> InvalidToken {
    match result {
        Err(AuthError::InvalidToken(reason)) => reason,
        other => panic!("not rejected as an invalid token: {other:?}"),
    }
}

async fn a_long_lived_token_is_valid_until_its_own_end(setup: Setup) {
    let auth = setup.launch().await;
    let token = issue(&auth, "90d").await;
    for _ in 0..3 {
        let ann = auth.authenticate::<User>(&token).await.expect("the token is valid");
        assert_eq!((ann.name.as_str(), ann.signed_in_at()), ("ann", None));
        auth.verify::<User>(&token).expect("the store was asked a moment ago");
        setup.advance(ACCESS_TTL + 1);
        assert_eq!(reason(auth.verify::<User>(&token)), InvalidToken::NotChecked);
        setup.advance(20 * DAY);
    }
    setup.advance(90 * DAY - 3 * (20 * DAY + ACCESS_TTL + 1) - 1);
    auth.authenticate::<User>(&token).await.expect("the last second");
    // The session ends before the leeway does.
    setup.advance(ACCESS_TTL + 1);
    assert_eq!(reason(auth.authenticate::<User>(&token).await), InvalidToken::Expired);
}

/// As when a request is authenticated just before a logout everywhere, and asks for a token just after it.
async fn no_token_is_issued_on_behalf_of_a_revoked_one(setup: Setup) {
    let auth = setup.launch().await;
    let ann = user("ann");
    for has_session in [true, false] {
        let token = match has_session {
            true => auth.generate_tokens(&ann).await.expect("a login").access_token,
            false => auth.create_access_token(&ann).await.expect("a token"),
        };
        let caller = auth.verify::<User>(&token).expect("a valid token");
        auth.create_access_token(&ann).ttl("90d").on_behalf_of(&caller).await.expect("a token");
        auth.create_access_token(&ann).on_behalf_of(&caller).await.expect("a token");
        auth.revoke_subject::<User>("ann").await.expect("a logout everywhere");
        for ttl in ["90d", "1m"] {
            let refused = auth.create_access_token(&ann).ttl(ttl).on_behalf_of(&caller).await;
            assert_eq!(reason(refused), InvalidToken::Revoked, "{ttl}, {has_session}");
        }
        assert_eq!(sessions(&auth).await, [], "nothing is left behind");
    }
}

async fn a_long_lived_token_is_listed_and_ended_like_a_session(setup: Setup) {
    let auth = setup.launch().await;
    let [kept, ended] = [issue(&auth, "90d").await, issue(&auth, Duration::from_secs(DAY)).await];
    let listed = sessions(&auth).await;
    assert_eq!(listed.len(), 2);
    for session in &listed {
        assert_eq!((session.label.as_deref(), session.refreshable), (Some("ci"), false));
        assert_eq!(session.expires_at, session.ends_at);
    }
    let ann = auth.authenticate::<User>(&ended).await.expect("the token is valid");
    let id = ann.session_id().expect("it has a session");
    assert!(listed.iter().any(|session| session.id == id && session.ends_at == ann.expires_at()));
    assert!(auth.revoke_session::<User>("ann", id).await.expect("the store works"));
    assert!(revoked(auth.authenticate::<User>(&ended).await));
    // Long after this process has forgotten the revocation.
    setup.advance(ACCESS_TTL + LEEWAY + 61);
    assert!(revoked(auth.authenticate::<User>(&ended).await));
    auth.authenticate::<User>(&kept).await.expect("the other token is valid");

    auth.revoke_subject::<User>("ann").await.expect("the store works");
    assert!(revoked(auth.authenticate::<User>(&kept).await));
    setup.advance(ACCESS_TTL + LEEWAY + 61);
    assert!(revoked(auth.authenticate::<User>(&kept).await));
    assert_eq!(sessions(&auth).await, []);
}

async fn a_short_ttl_begins_no_session(setup: Setup) {
    let auth = setup.launch().await;
    for (ttl, seconds) in [("1m", 60), ("15m", ACCESS_TTL)] {
        let token = auth.create_access_token(&user("ann")).ttl(ttl).await.expect("a token");
        let claims = payload(&token);
        assert_eq!(claims["exp"].as_u64(), claims["iat"].as_u64().map(|iat| iat + seconds));
        assert_eq!(claims.get("sid"), None);
        auth.verify::<User>(&token).expect("no store is asked");
    }
    assert_eq!(sessions(&auth).await, []);
}

async fn invalid_options_begin_no_session(setup: Setup) {
    let auth = setup.launch().await;
    let ann = user("ann");
    for (token, expected) in [
        (auth.create_access_token(&ann).ttl("soon"), "`ttl` is \"soon\""),
        (auth.create_access_token(&ann).ttl("0s"), "`ttl` must be from 1 second"),
        (auth.create_access_token(&ann).ttl("11y"), "`ttl` must be from 1 second"),
        (auth.create_access_token(&ann).label("ci"), "an access token has a `label` only if"),
        (auth.create_access_token(&ann).ttl("15m").label("ci"), "an access token has a `label` only if"),
    ] {
        match token.await {
            Err(AuthError::Internal(message)) => assert!(message.starts_with(expected), "{message}"),
            other => panic!("{expected}: {other:?}"),
        }
    }
    assert_eq!(sessions(&auth).await, []);
}

async fn programs_and_people_have_separate_limits(setup: Setup) {
    let setup = setup.with("max_sessions", 2);
    let auth = setup.launch().await;
    let login = auth.generate_tokens(&user("ann")).await.expect("a login");
    let mut tokens = Vec::new();
    for _ in 0..3 {
        setup.advance(1);
        tokens.push(issue(&auth, "90d").await);
    }
    assert_eq!(sessions(&auth).await.len(), 3, "two tokens and a login");
    auth.authenticate::<User>(&login.access_token).await.expect("no token ends a login");
    assert!(revoked(auth.authenticate::<User>(&tokens[0]).await), "the oldest token");
    for _ in 0..3 {
        auth.generate_tokens(&user("ann")).await.expect("a login");
    }
    for token in &tokens[1..] {
        auth.authenticate::<User>(token).await.expect("no login ends a token");
    }
    assert!(revoked(auth.authenticate::<User>(&login.access_token).await), "the oldest login");
}

async fn a_long_lived_token_cannot_be_exchanged_for_another(setup: Setup) {
    let auth = setup.launch().await;
    let token = issue(&auth, "90d").await;
    jwt_auth_tests::refusal(jwt_auth_tests::refresh(&auth, &token).await);
    auth.authenticate::<User>(&token).await.expect("nothing has ended");
    assert!(
        auth.invalidate_refresh_token(&token).await.expect("the store works"),
        "a logout ends its session"
    );
    assert!(revoked(auth.authenticate::<User>(&token).await));
}

async fn revoking_a_long_lived_token_ends_its_session(setup: Setup) {
    let auth = setup.launch().await;
    let token = issue(&auth, "90d").await;
    let ann = auth.authenticate::<User>(&token).await.expect("the token is valid");
    match auth.revoke_access_token(ann.token_id()).await {
        Err(AuthError::Internal(message)) => assert!(message.contains("`revoke_session`"), "{message}"),
        other => panic!("its revocation would be forgotten: {other:?}"),
    }
    auth.authenticate::<User>(&token).await.expect("nothing was revoked");
    auth.revoke_access_token(&ann).await.expect("the store works");
    assert_eq!(sessions(&auth).await, []);
    setup.advance(ACCESS_TTL + LEEWAY + 61);
    assert!(revoked(auth.authenticate::<User>(&token).await));
}

async fn a_stream_of_a_long_lived_token_ends_with_its_session(setup: Setup) {
    let auth = setup.launch().await;
    let token = issue(&auth, "1d").await;
    let ann = auth.authenticate::<User>(&token).await.expect("the token is valid");
    let open = || rocket::tokio::spawn(auth.ended(&ann));
    let ends = async |stream: rocket::tokio::task::JoinHandle<()>, when: &str| {
        let ended = rocket::tokio::time::timeout(Duration::from_secs(5), stream).await;
        ended.unwrap_or_else(|_| panic!("it stays open: {when}")).expect("it does not panic");
    };
    let (early, late) = (open(), open());
    setup.advance(2 * ACCESS_TTL);
    rocket::tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!early.is_finished(), "the session lives");
    early.abort();
    setup.advance(DAY - 2 * ACCESS_TTL);
    ends(late, "the session has expired").await;

    let token = issue(&auth, "1d").await;
    let ann = auth.authenticate::<User>(&token).await.expect("the token is valid");
    let open = rocket::tokio::spawn(auth.ended(&ann));
    auth.revoke_access_token(&ann).await.expect("the store works");
    ends(open, "the session was ended").await;
}

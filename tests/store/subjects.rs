//! Subjects that could break out of a key, a pattern or a token.

use jwt_auth::{AuthError, InvalidGrant};
use jwt_auth_tests::{Setup, User, refresh, refusal, user};

on_every_store![
    subjects_with_special_characters_do_not_collide,
    an_empty_subject_has_no_session,
    a_login_with_tokens_that_are_too_long_fails,
];

const SPECIAL: [&str; 14] = [
    "{a}",
    "{a}{b}",
    "}{",
    "*",
    "?",
    "[a-z]",
    "a\r\nFLUSHALL\r\n",
    "a\0b",
    "a b",
    "a:b",
    "jwt-auth:a",
    "\"\\",
    "ünïcødé 🔑",
    "-1",
];

async fn subjects_with_special_characters_do_not_collide(setup: Setup) {
    let auth = setup.launch().await;
    let long = "x".repeat(1_000);
    let subjects: Vec<&str> = SPECIAL.into_iter().chain([&long[..], &long[1..]]).collect();
    let mut pairs = Vec::new();
    for subject in &subjects {
        pairs.push(auth.generate_tokens(&user(subject)).await.expect("a login"));
    }

    for (subject, pair) in subjects.iter().zip(&pairs) {
        assert_eq!(auth.verify::<User>(&pair.access_token).expect("a valid token").name, *subject);
        refresh(&auth, &pair.refresh_token).await.expect("a refresh");
        assert_eq!(auth.sessions::<User>(subject).await.expect("the store works").len(), 1, "{subject:?}");
    }
    // Each logout ends one session, so no subject acts as a pattern that matches another.
    for (ended, subject) in subjects.iter().enumerate() {
        assert_eq!(auth.revoke_subject::<User>(subject).await.expect("a logout"), 1, "{subject:?}");
        assert_eq!(refusal(refresh(&auth, &pairs[ended].refresh_token).await), InvalidGrant::Unknown);
        for later in &subjects[ended + 1..] {
            assert_eq!(
                auth.sessions::<User>(later).await.expect("the store works").len(),
                1,
                "{subject:?}, {later:?}"
            );
        }
    }
}

async fn an_empty_subject_has_no_session(setup: Setup) {
    let auth = setup.launch().await;
    let pair = auth.generate_tokens(&user("")).await;
    assert!(matches!(pair, Err(AuthError::Internal(_))), "{pair:?}");
    let token = auth.create_refresh_token::<User>("").await;
    assert!(matches!(token, Err(AuthError::Internal(_))), "{token:?}");
    assert_eq!(auth.sessions::<User>("").await.expect("the store works"), []);
}

/// Such tokens would be rejected on every request.
async fn a_login_with_tokens_that_are_too_long_fails(setup: Setup) {
    let auth = setup.launch().await;
    let long = "x".repeat(10_000);
    for (user, subject) in [(user(&long), &long[..]), (user("alice").scope(&long), "alice")] {
        let pair = auth.generate_tokens(&user).await;
        assert!(matches!(pair, Err(AuthError::Internal(_))), "{pair:?}");
        assert!(auth.create_access_token(&user).await.is_err());
        assert_eq!(
            auth.sessions::<User>(subject).await.expect("the store works"),
            [],
            "a session was left behind"
        );
    }
}

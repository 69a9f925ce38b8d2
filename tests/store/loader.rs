//! The loader of a refresh: when it is called, and what it may return.

use std::io;

use jwt_auth::clock::Clock;
use jwt_auth::{AuthError, Continued, InvalidGrant};
use jwt_auth_tests::{Log, Setup, User, refresh, refusal, unavailable, user};

on_every_store![
    a_deleted_user_loses_the_session,
    a_failing_loader_does_not_use_up_the_token,
    claims_of_another_user_are_refused_and_logged,
    claims_that_are_too_long_do_not_use_up_the_token,
    a_subject_of_the_wrong_type_is_refused_and_logged,
    a_session_of_a_deleted_account_does_not_open_a_new_one_with_the_same_name,
    the_loader_is_not_called_for_a_forged_token,
];

async fn a_deleted_user_loses_the_session(setup: Setup) {
    let auth = setup.launch().await;
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    let gone = auth.refresh(&pair.refresh_token, async |_: String| None::<User>).await;
    assert_eq!(refusal(gone), InvalidGrant::NoSuchSubject);
    assert_eq!(refusal(refresh(&auth, &pair.refresh_token).await), InvalidGrant::Unknown);
    assert!(auth.verify::<User>(&pair.access_token).is_err(), "a deleted user still has access");
}

async fn a_failing_loader_does_not_use_up_the_token(setup: Setup) {
    let auth = setup.launch().await;
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    let fails = async |_: String| Err::<Option<User>, _>(io::Error::other("the database is unavailable"));
    unavailable(auth.refresh(&pair.refresh_token, fails).await);

    // Even after the grace period, the token works as if there had been no request.
    setup.advance(60);
    refresh(&auth, &pair.refresh_token).await.expect("the token is still unused");
}

async fn claims_of_another_user_are_refused_and_logged(setup: Setup) {
    let auth = setup.launch().await;
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    let log = Log::capture();
    let mallory = auth.refresh(&pair.refresh_token, async |_: String| Some(user("mallory"))).await;
    assert_eq!(refusal(mallory), InvalidGrant::WrongSubject);
    assert!(
        log.text().contains("ERROR jwt_auth: jwt-auth: session")
            && log.text().contains("the loader returned claims of another subject"),
        "{}",
        log.text()
    );

    setup.advance(60);
    refresh(&auth, &pair.refresh_token).await.expect("the token is still unused");
}

async fn claims_that_are_too_long_do_not_use_up_the_token(setup: Setup) {
    let auth = setup.launch().await;
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    let long = user("alice").scope(&"posts:write ".repeat(1_000));
    let grown = auth.refresh(&pair.refresh_token, async |_: String| Some(long)).await;
    assert!(matches!(grown, Err(AuthError::Internal(_))), "{grown:?}");

    setup.advance(60);
    refresh(&auth, &pair.refresh_token).await.expect("the token is still unused");
}

async fn a_subject_of_the_wrong_type_is_refused_and_logged(setup: Setup) {
    let auth = setup.launch().await;
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    let log = Log::capture();
    let numbers = auth.refresh(&pair.refresh_token, async |id: u64| Some(user(&id.to_string()))).await;
    let reason = refusal(numbers);
    assert!(matches!(reason, InvalidGrant::SubjectType { expected: "u64", .. }), "{reason:?}");
    assert!(
        log.text().contains("the subject does not parse as the `u64` that the loader takes"),
        "{}",
        log.text()
    );
    setup.advance(60);
    refresh(&auth, &pair.refresh_token).await.expect("the token is still unused");
}

async fn a_session_of_a_deleted_account_does_not_open_a_new_one_with_the_same_name(setup: Setup) {
    let auth = setup.launch().await;
    let old_bob = auth.generate_tokens(&user("bob")).acr("phr").await.expect("a login");
    let session = auth.check_refresh_token(&old_bob.refresh_token).await.expect("the session is alive").id;
    let started = setup.clock.now();
    setup.advance(60);
    // The account is deleted, and a new account gets the same name.
    let account_created = setup.clock.now();
    let load = async |continued: Continued<String>| {
        assert_eq!((continued.subject().as_str(), continued.session_id()), ("bob", session));
        assert_eq!((continued.signed_in_at(), continued.acr()), (Some(started), Some("phr")));
        let is_theirs = continued.signed_in_at() >= Some(account_created);
        is_theirs.then(|| user(continued.subject()))
    };
    assert_eq!(refusal(auth.refresh(&old_bob.refresh_token, load).await), InvalidGrant::NoSuchSubject);
    assert_eq!(
        refusal(refresh(&auth, &old_bob.refresh_token).await),
        InvalidGrant::Unknown,
        "the session is still alive"
    );
}

async fn the_loader_is_not_called_for_a_forged_token(setup: Setup) {
    let auth = setup.launch().await;
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    for token in ["garbage", &pair.access_token, &pair.refresh_token[..pair.refresh_token.len() - 2]] {
        let never = async |_: String| -> Option<User> { panic!("the loader was called for {token}") };
        assert!(matches!(refusal(auth.refresh(token, never).await), InvalidGrant::Token(_)));
    }
}

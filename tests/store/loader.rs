//! What the loader of a refresh answers.

use std::io;

use jwt_auth::{AuthError, InvalidGrant};
use jwt_auth_tests::{Setup, User, refresh, refusal, unavailable, user};

on_every_store![
    a_user_who_is_gone_loses_the_session,
    a_loader_that_fails_spends_nothing,
    the_claims_of_another_user_are_not_handed_out,
    claims_that_grew_too_long_spend_nothing,
    a_subject_that_the_loader_cannot_read_is_a_fault_of_the_app,
    a_loader_is_not_called_for_a_token_that_is_not_ours,
];

async fn a_user_who_is_gone_loses_the_session(setup: Setup) {
    let auth = setup.launch().await;
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    let gone = auth.refresh(&pair.refresh_token, async |_: String| None::<User>).await;
    assert_eq!(refusal(gone), InvalidGrant::NoSuchSubject);
    assert_eq!(refusal(refresh(&auth, &pair.refresh_token).await), InvalidGrant::Unknown);
    assert!(auth.verify::<User>(&pair.access_token).is_err(), "a user who is gone has access");
}

async fn a_loader_that_fails_spends_nothing(setup: Setup) {
    let auth = setup.launch().await;
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    let fails = async |_: String| Err::<Option<User>, _>(io::Error::other("the database is away"));
    unavailable(auth.refresh(&pair.refresh_token, fails).await);

    // Longer than the grace: it is as if nobody had asked.
    setup.advance(60);
    refresh(&auth, &pair.refresh_token).await.expect("the token is not spent");
}

async fn the_claims_of_another_user_are_not_handed_out(setup: Setup) {
    let auth = setup.launch().await;
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    let mallory = auth.refresh(&pair.refresh_token, async |_: String| Some(user("mallory"))).await;
    assert!(matches!(mallory, Err(AuthError::Internal(_))), "{mallory:?}");

    setup.advance(60);
    refresh(&auth, &pair.refresh_token).await.expect("the token is not spent");
}

async fn claims_that_grew_too_long_spend_nothing(setup: Setup) {
    let auth = setup.launch().await;
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    let long = user("alice").scope(&"posts:write ".repeat(1_000));
    let grown = auth.refresh(&pair.refresh_token, async |_: String| Some(long)).await;
    assert!(matches!(grown, Err(AuthError::Internal(_))), "{grown:?}");

    setup.advance(60);
    refresh(&auth, &pair.refresh_token).await.expect("the token is not spent");
}

async fn a_subject_that_the_loader_cannot_read_is_a_fault_of_the_app(setup: Setup) {
    let auth = setup.launch().await;
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    let numbers = auth.refresh(&pair.refresh_token, async |id: u64| Some(user(&id.to_string()))).await;
    assert!(matches!(numbers, Err(AuthError::Internal(_))), "{numbers:?}");
    setup.advance(60);
    refresh(&auth, &pair.refresh_token).await.expect("the token is not spent");
}

async fn a_loader_is_not_called_for_a_token_that_is_not_ours(setup: Setup) {
    let auth = setup.launch().await;
    let pair = auth.generate_tokens(&user("alice")).await.expect("a login");
    for token in ["rubbish", &pair.access_token, &pair.refresh_token[..pair.refresh_token.len() - 2]] {
        let never = async |_: String| -> Option<User> { panic!("the loader was called for {token}") };
        assert!(matches!(refusal(auth.refresh(token, never).await), InvalidGrant::Token(_)));
    }
}

//! A refresh token is presented again, by a client that lost a response or by a thief.

use jwt_auth::{InvalidGrant, InvalidToken, JwtAuth, TokenPair};
use jwt_auth_tests::{Setup, User, arrive, payload, refresh, refusal, user};

on_every_store![
    a_refresh_rotates_the_token_and_reloads_the_user,
    a_retry_within_the_grace_period_returns_the_same_successor,
    a_retry_does_not_extend_the_grace_period,
    a_replay_after_the_grace_period_ends_the_session,
    a_check_of_a_replayed_token_ends_the_session,
    a_client_that_lost_a_response_can_retry_days_later,
    two_tabs_that_retry_much_later_get_the_same_successor,
    without_a_grace_period_no_successor_is_returned_twice,
    reuse_of_an_older_token_ends_the_session_even_within_the_grace_period,
    a_thief_who_comes_first_loses_the_session_when_the_owner_returns,
    a_thief_is_detected_even_if_the_owner_returns_much_later,
    a_replay_ends_no_other_session,
];

/// The default of `reuse_grace`, in seconds.
const GRACE: u64 = 30;

async fn a_refresh_rotates_the_token_and_reloads_the_user(setup: Setup) {
    let auth = setup.launch().await;
    let first = auth.generate_tokens(&user("alice")).await.expect("a login");
    setup.advance(60);
    let promoted = auth.refresh(&first.refresh_token, async |name: String| Some(user(&name).role("admin")));
    let second = promoted.await.expect("a refresh");

    let before = auth.verify::<User>(&first.access_token).expect("an access token is valid until it expires");
    let after = auth.verify::<User>(&second.access_token).expect("the new token is valid, too");
    assert_eq!(before.roles, Vec::<String>::new());
    assert_eq!(after.roles, ["admin"]);
    assert_eq!(before.session_id(), after.session_id());
    assert_ne!(before.token_id(), after.token_id());
    assert_ne!(payload(&first.refresh_token)["jti"], payload(&second.refresh_token)["jti"]);
}

async fn a_retry_within_the_grace_period_returns_the_same_successor(setup: Setup) {
    let auth = setup.launch().await;
    let first = auth.generate_tokens(&user("alice")).await.expect("a login");
    let lost = refresh(&auth, &first.refresh_token).await.expect("a refresh");
    setup.advance(GRACE - 1);
    let again = refresh(&auth, &first.refresh_token).await.expect("within the grace period");

    assert_eq!(payload(&again.refresh_token)["jti"], payload(&lost.refresh_token)["jti"]);
    assert_ne!(payload(&again.access_token)["jti"], payload(&lost.access_token)["jti"]);
    refresh(&auth, &again.refresh_token).await.expect("the session is alive");
}

async fn a_retry_does_not_extend_the_grace_period(setup: Setup) {
    let auth = setup.launch().await;
    let first = auth.generate_tokens(&user("alice")).await.expect("a login");
    let second = refresh(&auth, &first.refresh_token).await.expect("a refresh");
    arrive::<User>(&auth, &second).await;
    for _ in 0..3 {
        setup.advance(GRACE / 3 - 1);
        refresh(&auth, &first.refresh_token).await.expect("within the grace period");
    }
    setup.advance(3);
    assert_eq!(refusal(refresh(&auth, &first.refresh_token).await), InvalidGrant::Reused);
}

async fn a_replay_after_the_grace_period_ends_the_session(setup: Setup) {
    let auth = setup.launch().await;
    let first = auth.generate_tokens(&user("alice")).await.expect("a login");
    let second = refresh(&auth, &first.refresh_token).await.expect("a refresh");
    arrive::<User>(&auth, &second).await;
    setup.advance(GRACE);

    auth.check_refresh_token(&second.refresh_token).await.expect("a check changes nothing");
    assert_eq!(refusal(refresh(&auth, &first.refresh_token).await), InvalidGrant::Reused);
    assert_dead(&auth, &[first, second]).await;
}

/// The order of the refresh route of fastapi_framework: check, then exchange.
async fn a_check_of_a_replayed_token_ends_the_session(setup: Setup) {
    let auth = setup.launch().await;
    let first = auth.generate_tokens(&user("alice")).await.expect("a login");
    let second = refresh(&auth, &first.refresh_token).await.expect("a refresh");
    arrive::<User>(&auth, &second).await;
    auth.check_refresh_token(&first.refresh_token).await.expect("within the grace period");
    setup.advance(GRACE);

    assert_eq!(refusal(auth.check_refresh_token(&first.refresh_token).await), InvalidGrant::Reused);
    assert_dead(&auth, &[first, second]).await;
}

async fn a_client_that_lost_a_response_can_retry_days_later(setup: Setup) {
    const DAY: u64 = 24 * 60 * 60;
    let auth = setup.launch().await;
    let first = auth.generate_tokens(&user("alice")).await.expect("a login");
    let lost = refresh(&auth, &first.refresh_token).await.expect("a refresh");
    for wait in [GRACE + 1, 60 * 60, 5 * DAY, 5 * DAY] {
        setup.advance(wait);
        auth.check_refresh_token(&first.refresh_token).await.expect("a refresh would accept the token");
        let again = refresh(&auth, &first.refresh_token).await.expect("the successor never arrived");
        assert_eq!(payload(&again.refresh_token)["jti"], payload(&lost.refresh_token)["jti"]);
    }
    let again = refresh(&auth, &first.refresh_token).await.expect("the successor never arrived");
    arrive::<User>(&auth, &again).await;
    let next = refresh(&auth, &again.refresh_token).await.expect("the session is alive");
    arrive::<User>(&auth, &next).await;
    assert_eq!(refusal(refresh(&auth, &first.refresh_token).await), InvalidGrant::Reused);
}

/// The response was lost, and two tabs are restored the next day. One is faster and uses its new access token.
async fn two_tabs_that_retry_much_later_get_the_same_successor(setup: Setup) {
    const DAY: u64 = 24 * 60 * 60;
    let auth = setup.launch().await;
    let first = auth.generate_tokens(&user("alice")).await.expect("a login");
    refresh(&auth, &first.refresh_token).await.expect("a refresh whose response is lost");
    setup.advance(DAY);
    let faster = refresh(&auth, &first.refresh_token).await.expect("the first tab");
    arrive::<User>(&auth, &faster).await;
    setup.advance(GRACE - 1);
    arrive::<User>(&auth, &refresh(&auth, &first.refresh_token).await.expect("the second tab")).await;
    setup.advance(1);

    assert_eq!(refusal(refresh(&auth, &first.refresh_token).await), InvalidGrant::Reused);
    assert_dead(&auth, &[faster]).await;
}

async fn without_a_grace_period_no_successor_is_returned_twice(setup: Setup) {
    let auth = setup.with("reuse_grace", "0s").launch().await;
    let first = auth.generate_tokens(&user("alice")).await.expect("a login");
    let second = refresh(&auth, &first.refresh_token).await.expect("a refresh");
    assert_eq!(refusal(refresh(&auth, &first.refresh_token).await), InvalidGrant::Reused);
    assert_dead(&auth, &[first, second]).await;
}

async fn reuse_of_an_older_token_ends_the_session_even_within_the_grace_period(setup: Setup) {
    let auth = setup.launch().await;
    let first = auth.generate_tokens(&user("alice")).await.expect("a login");
    let second = refresh(&auth, &first.refresh_token).await.expect("a refresh");
    let third = refresh(&auth, &second.refresh_token).await.expect("a refresh");

    assert_eq!(refusal(refresh(&auth, &first.refresh_token).await), InvalidGrant::Reused);
    assert_dead(&auth, &[first, second, third]).await;
}

async fn a_thief_who_comes_first_loses_the_session_when_the_owner_returns(setup: Setup) {
    let auth = setup.launch().await;
    let stolen = auth.generate_tokens(&user("alice")).await.expect("a login");
    let thief = refresh(&auth, &stolen.refresh_token).await.expect("the thief comes first");
    setup.advance(600);
    let thief_again = refresh(&auth, &thief.refresh_token).await.expect("the thief refreshes again");

    assert_eq!(refusal(refresh(&auth, &stolen.refresh_token).await), InvalidGrant::Reused);
    assert_dead(&auth, &[stolen, thief, thief_again]).await;
}

async fn a_thief_is_detected_even_if_the_owner_returns_much_later(setup: Setup) {
    const DAY: u64 = 24 * 60 * 60;
    let auth = setup.launch().await;
    let stolen = auth.generate_tokens(&user("alice")).await.expect("a login");
    setup.advance(10 * DAY);
    let thief = refresh(&auth, &stolen.refresh_token).await.expect("the thief comes first");
    arrive::<User>(&auth, &thief).await;
    setup.advance(10 * DAY);

    assert_eq!(refusal(refresh(&auth, &stolen.refresh_token).await), InvalidGrant::Reused);
    assert_eq!(refusal(refresh(&auth, &thief.refresh_token).await), InvalidGrant::Unknown);
}

async fn a_replay_ends_no_other_session(setup: Setup) {
    let auth = setup.launch().await;
    let first = auth.generate_tokens(&user("alice")).await.expect("a login");
    let laptop = auth.generate_tokens(&user("alice")).await.expect("a login");
    let bob = auth.generate_tokens(&user("bob")).await.expect("a login");
    let second = refresh(&auth, &first.refresh_token).await.expect("a refresh");
    arrive::<User>(&auth, &second).await;
    setup.advance(GRACE);
    assert_eq!(refusal(refresh(&auth, &first.refresh_token).await), InvalidGrant::Reused);

    for other in [laptop, bob] {
        auth.verify::<User>(&other.access_token).expect("another session is alive");
        refresh(&auth, &other.refresh_token).await.expect("another session is alive");
    }
}

/// Asserts that every token of an ended session is rejected.
async fn assert_dead(auth: &JwtAuth, pairs: &[TokenPair]) {
    for pair in pairs {
        assert_eq!(refusal(refresh(auth, &pair.refresh_token).await), InvalidGrant::Unknown);
        let access = auth.verify::<User>(&pair.access_token).map_err(|error| format!("{error:?}"));
        let revoked = format!("InvalidToken({:?})", InvalidToken::Revoked);
        assert_eq!(access.map(drop), Err(revoked));
    }
}

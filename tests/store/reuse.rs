//! A refresh token that is presented again: by a client that lost an answer, or by a thief.

use jwt_auth::{InvalidGrant, InvalidToken, JwtAuth, TokenPair};
use jwt_auth_tests::{Setup, User, payload, refresh, refusal, user};

on_every_store![
    a_refresh_rotates_the_token_and_reads_the_user_anew,
    a_lost_answer_can_be_asked_for_again,
    asking_again_does_not_lengthen_the_grace,
    a_replay_after_the_grace_ends_the_session,
    a_grandparent_ends_the_session_within_the_grace,
    the_thief_who_was_first_loses_the_session_with_its_owner,
    an_owner_who_was_away_for_long_finds_the_thief_out,
    a_replay_ends_no_other_session,
];

/// The default of `reuse_grace`, in seconds.
const GRACE: u64 = 30;

async fn a_refresh_rotates_the_token_and_reads_the_user_anew(setup: Setup) {
    let auth = setup.launch().await;
    let first = auth.generate_tokens(&user("alice")).await.expect("a login");
    setup.advance(60);
    let promoted = auth.refresh(&first.refresh_token, async |name: String| Some(user(&name).role("admin")));
    let second = promoted.await.expect("a refresh");

    let before = auth.verify::<User>(&first.access_token).expect("an access token is good until its end");
    let after = auth.verify::<User>(&second.access_token).expect("the new one too");
    assert_eq!(before.roles, Vec::<String>::new());
    assert_eq!(after.roles, ["admin"]);
    assert_eq!(before.session_id(), after.session_id());
    assert_ne!(before.token_id(), after.token_id());
    assert_ne!(payload(&first.refresh_token)["jti"], payload(&second.refresh_token)["jti"]);
}

async fn a_lost_answer_can_be_asked_for_again(setup: Setup) {
    let auth = setup.launch().await;
    let first = auth.generate_tokens(&user("alice")).await.expect("a login");
    let lost = refresh(&auth, &first.refresh_token).await.expect("a refresh");
    setup.advance(GRACE - 1);
    let again = refresh(&auth, &first.refresh_token).await.expect("within the grace");

    assert_eq!(payload(&again.refresh_token)["jti"], payload(&lost.refresh_token)["jti"]);
    assert_ne!(payload(&again.access_token)["jti"], payload(&lost.access_token)["jti"]);
    refresh(&auth, &again.refresh_token).await.expect("the session lives");
}

async fn asking_again_does_not_lengthen_the_grace(setup: Setup) {
    let auth = setup.launch().await;
    let first = auth.generate_tokens(&user("alice")).await.expect("a login");
    refresh(&auth, &first.refresh_token).await.expect("a refresh");
    for _ in 0..3 {
        setup.advance(GRACE / 3 - 1);
        refresh(&auth, &first.refresh_token).await.expect("within the grace");
    }
    setup.advance(3);
    assert_eq!(refusal(refresh(&auth, &first.refresh_token).await), InvalidGrant::Reused);
}

async fn a_replay_after_the_grace_ends_the_session(setup: Setup) {
    let auth = setup.launch().await;
    let first = auth.generate_tokens(&user("alice")).await.expect("a login");
    let second = refresh(&auth, &first.refresh_token).await.expect("a refresh");
    setup.advance(GRACE);

    assert_eq!(refusal(auth.check_refresh_token(&first.refresh_token).await), InvalidGrant::Reused);
    auth.check_refresh_token(&second.refresh_token).await.expect("to look changes nothing");
    assert_eq!(refusal(refresh(&auth, &first.refresh_token).await), InvalidGrant::Reused);
    assert_dead(&auth, &[first, second]).await;
}

async fn a_grandparent_ends_the_session_within_the_grace(setup: Setup) {
    let auth = setup.launch().await;
    let first = auth.generate_tokens(&user("alice")).await.expect("a login");
    let second = refresh(&auth, &first.refresh_token).await.expect("a refresh");
    let third = refresh(&auth, &second.refresh_token).await.expect("a refresh");

    assert_eq!(refusal(refresh(&auth, &first.refresh_token).await), InvalidGrant::Reused);
    assert_dead(&auth, &[first, second, third]).await;
}

async fn the_thief_who_was_first_loses_the_session_with_its_owner(setup: Setup) {
    let auth = setup.launch().await;
    let stolen = auth.generate_tokens(&user("alice")).await.expect("a login");
    let thief = refresh(&auth, &stolen.refresh_token).await.expect("the thief is first");
    setup.advance(600);
    let thief_again = refresh(&auth, &thief.refresh_token).await.expect("and goes on");

    assert_eq!(refusal(refresh(&auth, &stolen.refresh_token).await), InvalidGrant::Reused);
    assert_dead(&auth, &[stolen, thief, thief_again]).await;
}

async fn an_owner_who_was_away_for_long_finds_the_thief_out(setup: Setup) {
    const DAY: u64 = 24 * 60 * 60;
    let auth = setup.launch().await;
    let stolen = auth.generate_tokens(&user("alice")).await.expect("a login");
    setup.advance(10 * DAY);
    let thief = refresh(&auth, &stolen.refresh_token).await.expect("the thief is first");
    setup.advance(10 * DAY);

    assert_eq!(refusal(refresh(&auth, &stolen.refresh_token).await), InvalidGrant::Reused);
    assert_eq!(refusal(refresh(&auth, &thief.refresh_token).await), InvalidGrant::Unknown);
}

async fn a_replay_ends_no_other_session(setup: Setup) {
    let auth = setup.launch().await;
    let first = auth.generate_tokens(&user("alice")).await.expect("a login");
    let laptop = auth.generate_tokens(&user("alice")).await.expect("a login");
    let bob = auth.generate_tokens(&user("bob")).await.expect("a login");
    refresh(&auth, &first.refresh_token).await.expect("a refresh");
    setup.advance(GRACE);
    assert_eq!(refusal(refresh(&auth, &first.refresh_token).await), InvalidGrant::Reused);

    for other in [laptop, bob] {
        auth.verify::<User>(&other.access_token).expect("another session lives");
        refresh(&auth, &other.refresh_token).await.expect("another session lives");
    }
}

/// No token of an ended session is good for anything.
async fn assert_dead(auth: &JwtAuth, pairs: &[TokenPair]) {
    for pair in pairs {
        assert_eq!(refusal(refresh(auth, &pair.refresh_token).await), InvalidGrant::Unknown);
        let access = auth.verify::<User>(&pair.access_token).map_err(|error| format!("{error:?}"));
        let revoked = format!("access token refused: {:?}", InvalidToken::Revoked);
        assert_eq!(access.map(drop), Err(revoked));
    }
}

//! Logging out of the current session, of another session and everywhere. Listing sessions.

use std::net::IpAddr;

use jwt_auth::{Device, InvalidGrant, JwtAuth, TokenPair};
use jwt_auth_tests::{Setup, User, payload, refresh, refusal, user};
use uuid::Uuid;

on_every_store![
    a_logout_ends_only_its_own_session,
    a_logout_can_be_repeated,
    a_logout_with_an_older_token_ends_the_session,
    a_logout_with_an_expired_token_ends_the_session,
    a_login_after_a_logout_everywhere_in_the_same_second_survives,
    only_its_owner_can_end_a_session,
    a_login_beyond_the_limit_ends_the_least_recently_used_session,
    sessions_are_listed_with_their_devices,
    a_session_can_start_with_only_a_refresh_token,
];

async fn a_logout_ends_only_its_own_session(setup: Setup) {
    let auth = setup.launch().await;
    let [phone, laptop, bob] = logins(&auth, ["alice", "alice", "bob"]).await;

    assert!(auth.invalidate_refresh_token(&phone.refresh_token).await.expect("a logout"));
    assert_ended(&auth, &phone).await;
    assert_live(&auth, &laptop).await;
    assert_live(&auth, &bob).await;
}

async fn a_logout_can_be_repeated(setup: Setup) {
    let auth = setup.launch().await;
    let [alice] = logins(&auth, ["alice"]).await;

    assert!(auth.invalidate_refresh_token(&alice.refresh_token).await.expect("a logout"));
    assert!(!auth.invalidate_refresh_token(&alice.refresh_token).await.expect("no error"));
    for garbage in ["", "garbage", "a.b.c", &alice.access_token] {
        assert!(!auth.invalidate_refresh_token(garbage).await.expect("no error"), "{garbage:?}");
    }
}

async fn a_logout_with_an_older_token_ends_the_session(setup: Setup) {
    let auth = setup.launch().await;
    let [first] = logins(&auth, ["alice"]).await;
    let second = refresh(&auth, &first.refresh_token).await.expect("a refresh");

    assert!(auth.invalidate_refresh_token(&first.refresh_token).await.expect("a logout"));
    assert_ended(&auth, &second).await;
}

async fn a_logout_with_an_expired_token_ends_the_session(setup: Setup) {
    let auth = setup.launch().await;
    let [first] = logins(&auth, ["alice"]).await;
    const DAY: u64 = 24 * 60 * 60;
    setup.advance(10 * DAY);
    let second = refresh(&auth, &first.refresh_token).await.expect("a refresh");
    setup.advance(10 * DAY);
    let third = refresh(&auth, &second.refresh_token).await.expect("a refresh");

    assert!(auth.invalidate_refresh_token(&first.refresh_token).await.expect("a logout"));
    assert_ended(&auth, &third).await;
}

async fn a_login_after_a_logout_everywhere_in_the_same_second_survives(setup: Setup) {
    let auth = setup.launch().await;
    let [phone, laptop, bob] = logins(&auth, ["alice", "alice", "bob"]).await;

    // The clock does not advance, so `iat` is the same before and after the logout.
    assert_eq!(auth.revoke_subject::<User>("alice").await.expect("a logout"), 2);
    let [again] = logins(&auth, ["alice"]).await;
    assert_eq!(payload(&again.access_token)["iat"], payload(&phone.access_token)["iat"]);
    assert_ended(&auth, &phone).await;
    assert_ended(&auth, &laptop).await;
    assert_live(&auth, &again).await;
    assert_live(&auth, &bob).await;
    assert_eq!(auth.revoke_subject::<User>("unknown").await.expect("no error"), 0);
}

async fn only_its_owner_can_end_a_session(setup: Setup) {
    let auth = setup.launch().await;
    let [alice] = logins(&auth, ["alice"]).await;
    let id = session_id(&auth, &alice);

    assert!(!auth.revoke_session::<User>("bob", id).await.expect("no error"), "Bob ended Alice's session");
    assert!(
        !auth.revoke_session::<User>("alice", Uuid::new_v4()).await.expect("no error"),
        "there is no such session"
    );
    auth.verify::<User>(&alice.access_token).expect("the session is alive");
    assert!(auth.revoke_session::<User>("alice", id).await.expect("a logout"));
    assert_ended(&auth, &alice).await;
}

async fn a_login_beyond_the_limit_ends_the_least_recently_used_session(setup: Setup) {
    let auth = setup.clone().with("max_sessions", 2).launch().await;
    let [used, unused] = logins(&auth, ["alice", "alice"]).await;
    setup.advance(60);
    let used = refresh(&auth, &used.refresh_token).await.expect("a refresh");
    let [new, bob] = logins(&auth, ["alice", "bob"]).await;

    assert_ended(&auth, &unused).await;
    for pair in [used, new, bob] {
        assert_live(&auth, &pair).await;
    }
}

async fn sessions_are_listed_with_their_devices(setup: Setup) {
    let auth = setup.launch().await;
    let alice = user("alice");
    let ip = IpAddr::from([192, 0, 2, 1]);
    let device = Device::new("Phone/1 \"ünïcødé\"").with_label("Alice's phone").with_ip(ip);
    let phone = auth.generate_tokens(&alice).device(device).await.expect("a login");
    setup.advance(60);
    let laptop = auth.generate_tokens(&alice).await.expect("a login");
    setup.advance(60);
    refresh(&auth, &phone.refresh_token).await.expect("a refresh");

    let sessions = auth.sessions::<User>("alice").await.expect("the store works");
    let [second, first] = &sessions[..] else { panic!("expected two sessions: {sessions:?}") };
    assert_eq!(second.id, session_id(&auth, &laptop), "the newest session is not first");
    assert_eq!(first.id, session_id(&auth, &phone));
    assert_eq!(first.user_agent.as_deref(), Some("Phone/1 \"ünïcødé\""));
    assert_eq!((first.label.as_deref(), first.ip), (Some("Alice's phone"), Some(ip)));
    assert_eq!((&second.user_agent, &second.label, second.ip), (&None, &None, None));
    assert_eq!(first.last_used_at.since(first.created_at).as_secs(), 120);
    assert_eq!(second.last_used_at, second.created_at);
    assert_eq!(auth.sessions::<User>("unknown").await.expect("the store works"), []);
}

async fn a_session_can_start_with_only_a_refresh_token(setup: Setup) {
    let auth = setup.launch().await;
    let token = auth.create_refresh_token::<User>("alice").await.expect("a login");
    assert_eq!(auth.sessions::<User>("alice").await.expect("the store works").len(), 1);
    let pair = refresh(&auth, &token).await.expect("a refresh");
    assert_eq!(auth.verify::<User>(&pair.access_token).expect("a valid token").name, "alice");
    assert!(auth.invalidate_refresh_token(&token).await.expect("a logout"));
    assert_ended(&auth, &pair).await;
}

async fn logins<const N: usize>(auth: &JwtAuth, names: [&str; N]) -> [TokenPair; N] {
    let mut pairs = Vec::new();
    for name in names {
        pairs.push(auth.generate_tokens(&user(name)).await.expect("a login"));
    }
    pairs.try_into().expect("as many pairs as names")
}

fn session_id(auth: &JwtAuth, pair: &TokenPair) -> Uuid {
    let alice = auth.verify::<User>(&pair.access_token).expect("a valid token");
    alice.session_id().expect("the token of a login has a session")
}

async fn assert_live(auth: &JwtAuth, pair: &TokenPair) {
    auth.verify::<User>(&pair.access_token).expect("the access token is valid");
    refresh(auth, &pair.refresh_token).await.expect("the refresh token is valid");
}

async fn assert_ended(auth: &JwtAuth, pair: &TokenPair) {
    assert_eq!(refusal(refresh(auth, &pair.refresh_token).await), InvalidGrant::Unknown);
    assert!(auth.verify::<User>(&pair.access_token).is_err(), "an access token outlived the logout");
}

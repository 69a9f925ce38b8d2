//! Two kinds of callers of one app, with the same subjects.

use std::sync::atomic::{AtomicUsize, Ordering};

use jwt_auth::{Continued, InvalidGrant};
use jwt_auth_tests::{Setup, User, payload, refresh, refusal, user};

use super::{Caller, Device, device, is_revoked, with_audience};

on_every_store![
    a_refresh_token_of_a_device_does_not_open_the_account_of_a_user,
    a_refresh_with_an_enum_keeps_the_kind_of_the_session,
    sessions_of_two_kinds_are_listed_and_ended_separately,
    the_session_limit_applies_to_each_kind,
    a_logout_everywhere_ends_only_sessions_of_its_kind,
    a_refresh_token_without_an_access_token_belongs_to_a_kind,
];

async fn a_refresh_token_of_a_device_does_not_open_the_account_of_a_user(setup: Setup) {
    let auth = setup.launch().await;
    let device_1 = auth.generate_tokens(&device("1")).await.expect("a login");
    let user_1 = auth.generate_tokens(&user("1")).await.expect("a login");
    let calls = AtomicUsize::new(0);

    let admin = async |name: String| {
        calls.fetch_add(1, Ordering::SeqCst);
        Some(user(&name).role("admin"))
    };
    assert_eq!(refusal(auth.refresh(&device_1.refresh_token, admin).await), InvalidGrant::WrongKind);
    let as_device = async |id: String| {
        calls.fetch_add(1, Ordering::SeqCst);
        Some(device(&id))
    };
    assert_eq!(refusal(auth.refresh(&user_1.refresh_token, as_device).await), InvalidGrant::WrongKind);
    assert_eq!(calls.load(Ordering::SeqCst), 0, "a loader was called for another kind");

    // Neither token was used up.
    let next = auth.refresh(&device_1.refresh_token, async |id: String| Some(device(&id))).await;
    let next = next.expect("a refresh");
    assert_eq!(auth.verify::<Device>(&next.access_token).expect("a valid token").id, "1");
    assert!(auth.verify::<User>(&next.access_token).is_err(), "a device passed for a user");
    refresh(&auth, &user_1.refresh_token).await.expect("a refresh");
}

async fn a_refresh_with_an_enum_keeps_the_kind_of_the_session(setup: Setup) {
    let auth = with_audience(setup).launch().await;
    let logins = [Caller::Device(device("1")), Caller::User(user("1"))];
    for login in &logins {
        let mut pair = auth.generate_tokens(login).await.expect("a login");
        let audience = payload(&pair.access_token)["aud"].clone();
        // A loader that ignores the kind.
        for other in &logins {
            let refreshed = auth.refresh(&pair.refresh_token, async |_: String| Some(other.clone())).await;
            if std::mem::discriminant(other) == std::mem::discriminant(login) {
                pair = refreshed.expect("the loader returned the kind of the session");
            } else {
                assert_eq!(refusal(refreshed), InvalidGrant::WrongKind);
            }
        }
        // A loader that checks the kind.
        let load = async |session: Continued<String>| match session.is::<Device>() {
            true => Some(Caller::Device(device(session.subject()))),
            false => Some(Caller::User(user(session.subject()))),
        };
        let refreshed = auth.refresh(&pair.refresh_token, load).await.expect("a refresh");
        assert_eq!(payload(&refreshed.access_token)["aud"], audience);
    }
}

async fn sessions_of_two_kinds_are_listed_and_ended_separately(setup: Setup) {
    let auth = setup.launch().await;
    let user_1 = auth.generate_tokens(&user("1")).await.expect("a login");
    let device_1 = auth.generate_tokens(&device("1")).await.expect("a login");
    let of_user = auth.sessions::<User>("1").await.expect("the store works");
    let of_device = auth.sessions::<Device>("1").await.expect("the store works");
    assert_eq!((of_user.len(), of_device.len()), (1, 1));
    assert_ne!(of_user[0].id, of_device[0].id);

    assert!(
        !auth.revoke_session::<User>("1", of_device[0].id).await.expect("no error"),
        "a user ended a device's session"
    );
    assert!(!is_revoked::<Device>(&auth, &device_1.access_token), "another owner's session was revoked");
    assert!(auth.revoke_session::<Device>("1", of_device[0].id).await.expect("no error"));
    assert!(is_revoked::<Device>(&auth, &device_1.access_token));
    assert!(!is_revoked::<User>(&auth, &user_1.access_token));
    auth.check_refresh_token(&user_1.refresh_token).await.expect("the user's session is alive");
}

async fn the_session_limit_applies_to_each_kind(setup: Setup) {
    let auth = setup.with("max_sessions", 1).launch().await;
    let user_1 = auth.generate_tokens(&user("1")).await.expect("a login");
    let first = auth.generate_tokens(&device("1")).await.expect("a login");
    auth.generate_tokens(&device("1")).await.expect("a login");
    assert!(is_revoked::<Device>(&auth, &first.access_token), "it made room for the second login");
    auth.check_refresh_token(&user_1.refresh_token).await.expect("the user's session is alive");
    assert!(!is_revoked::<User>(&auth, &user_1.access_token));
}

async fn a_logout_everywhere_ends_only_sessions_of_its_kind(setup: Setup) {
    let auth = setup.launch().await;
    let user_1 = auth.generate_tokens(&user("1")).await.expect("a login");
    let device_1 = auth.generate_tokens(&device("1")).await.expect("a login");
    let program = auth.create_access_token(&device("1")).await.expect("a token");
    assert_eq!(auth.revoke_subject::<User>("1").await.expect("a logout"), 1);
    assert!(is_revoked::<User>(&auth, &user_1.access_token));
    for token in [&device_1.access_token, &program] {
        assert!(!is_revoked::<Device>(&auth, token));
    }
    auth.check_refresh_token(&device_1.refresh_token).await.expect("the device's session is alive");

    assert_eq!(auth.revoke_subject::<Device>("1").await.expect("a logout"), 1);
    for token in [&device_1.access_token, &program] {
        assert!(is_revoked::<Device>(&auth, token));
    }
}

async fn a_refresh_token_without_an_access_token_belongs_to_a_kind(setup: Setup) {
    let auth = setup.launch().await;
    let token = auth.create_refresh_token::<Device>("1").await.expect("a login");
    assert_eq!(refusal(refresh(&auth, &token).await), InvalidGrant::WrongKind);
    assert_eq!(auth.sessions::<User>("1").await.expect("the store works"), []);
    let refreshed = auth.refresh(&token, async |id: String| Some(device(&id))).await.expect("a refresh");
    auth.verify::<Device>(&refreshed.access_token).expect("a valid token");
}

//! Events of sessions and tokens.

use std::convert::Infallible;

use jwt_auth::{AuthError, Event, JwtAuth, TokenPair};
use jwt_auth_tests::{Setup, User, arrive, refresh, user};

use super::launch;

async fn login(auth: &JwtAuth) -> TokenPair {
    auth.generate_tokens(&user("ann@example.com")).await.expect("a login")
}

#[rocket::async_test]
async fn the_life_of_a_session() {
    let (auth, events) = launch(&Setup::memory()).await;
    let pair = login(&auth).await;
    let next = refresh(&auth, &pair.refresh_token).await.expect("a refresh");
    refresh(&auth, &pair.refresh_token).await.expect("a retry");
    auth.invalidate_refresh_token(&next.refresh_token).await.expect("a logout");
    let told = events.take();
    let names: Vec<_> = told.iter().map(|event| event["event"].as_str()).collect();
    assert_eq!(names, ["signed_in", "refreshed", "replayed", "session_ended"].map(Some));
    assert_eq!(told[3]["reason"], "logout");
    let id = auth.verify::<User>(&pair.access_token).err();
    assert!(id.is_some(), "the session has ended");
    for event in &told {
        assert_eq!(event["session"], told[0]["session"], "{event}");
        assert_eq!(event["subject"], told[0]["subject"], "{event}");
        assert_eq!(event["subject"].as_str().map(str::len), Some(32), "{event}");
        assert!(!event.to_string().contains("ann@"), "{event}");
        assert!(!event.to_string().contains("ey"), "no token: {event}");
    }
    auth.invalidate_refresh_token(&next.refresh_token).await.expect("nothing is left to end");
    refresh(&auth, &next.refresh_token).await.expect_err("the session has ended");
    refresh(&auth, "x.y.z").await.expect_err("this is no token");
    assert_eq!(events.names(), ["refresh_refused unknown", "refresh_refused malformed"]);
}

#[rocket::async_test]
async fn a_theft_is_reported_once_however_it_is_found() {
    for by_check in [false, true] {
        let (auth, events) = launch(&Setup::memory().with("reuse_grace", "1s")).await;
        let stolen = login(&auth).await;
        let next = refresh(&auth, &stolen.refresh_token).await.expect("a refresh");
        let last = refresh(&auth, &next.refresh_token).await.expect("a refresh");
        arrive::<User>(&auth, &last).await;
        events.take();
        for attempt in 0..2 {
            let token = &stolen.refresh_token;
            match by_check {
                true => drop(auth.check_refresh_token(token).await.expect_err("a reused token")),
                false => drop(refresh(&auth, token).await.expect_err("a reused token")),
            }
            let expected = match attempt {
                0 => &["reused", "session_ended reused"][..],
                _ => &["refresh_refused unknown"],
            };
            assert_eq!(events.names(), expected, "attempt {attempt}");
        }
    }
}

#[rocket::async_test]
async fn every_end_has_its_reason() {
    let setup = Setup::memory().with("max_sessions", 2);
    let (auth, events) = launch(&setup).await;
    login(&auth).await;
    setup.advance(1);
    let second = login(&auth).await;
    setup.advance(1);
    events.take();
    let third = login(&auth).await;
    assert_eq!(events.names(), ["session_ended limit", "signed_in"]);

    let id =
        auth.verify::<User>(&third.access_token).expect("a valid token").session_id().expect("a session");
    assert!(auth.revoke_session::<User>("ann@example.com", id).await.expect("the store answers"));
    assert_eq!(events.names(), ["session_ended revoked"]);
    assert!(!auth.revoke_session::<User>("ann@example.com", id).await.expect("the store answers"));
    assert_eq!(events.names(), [""; 0], "it had ended before");

    login(&auth).await;
    events.take();
    auth.revoke_others(&auth.verify::<User>(&second.access_token).expect("a valid token"))
        .await
        .expect("one ends");
    assert_eq!(events.names(), ["subject_revoked", "session_ended everywhere"]);
    auth.revoke_subject::<User>("ann@example.com").await.expect("one ends");
    assert_eq!(events.names(), ["subject_revoked", "session_ended everywhere"]);
    auth.revoke_subject::<User>("ann@example.com").await.expect("none is left");
    assert_eq!(events.names(), ["subject_revoked"]);

    let gone = login(&auth).await;
    events.take();
    auth.refresh(&gone.refresh_token, async |_: String| None::<User>).await.expect_err("no such user");
    assert_eq!(events.names(), ["session_ended no_such_subject", "refresh_refused no_such_subject"]);
}

#[rocket::async_test]
async fn a_loader_with_a_bug_is_reported() {
    let (auth, events) = launch(&Setup::memory()).await;
    let pair = login(&auth).await;
    events.take();
    auth.refresh(&pair.refresh_token, async |_: u64| None::<User>).await.expect_err("not a number");
    let other = async |_: String| Ok::<_, Infallible>(Some(user("bob")));
    auth.refresh(&pair.refresh_token, other).await.expect_err("another subject");
    assert_eq!(events.names(), ["refresh_refused subject_type", "refresh_refused wrong_subject"]);
}

#[rocket::async_test]
async fn a_revoked_access_token_is_reported_by_its_id() {
    let (auth, events) = launch(&Setup::memory()).await;
    let token = auth.create_access_token(&user("ann")).await.expect("a token");
    let ann = auth.verify::<User>(&token).expect("a valid token");
    auth.revoke_access_token(&ann).await.expect("the token is revoked");
    let told = events.take();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["event"], "token_revoked");
    assert_eq!(told[0]["token"], ann.token_id().to_string());
}

#[rocket::async_test]
async fn an_elevation_and_a_long_lived_token_are_reported() {
    let (auth, events) = launch(&Setup::memory()).await;
    let pair = login(&auth).await;
    let ann = user("ann@example.com");
    events.take();
    let elevated = auth.reauthenticate(&pair.refresh_token, &ann).acr("mfa").await.expect("an elevation");
    let told = events.take();
    let names: Vec<_> = told.iter().map(|event| event["event"].as_str()).collect();
    assert_eq!(names, ["refreshed", "elevated"].map(Some));
    assert_eq!(told[1]["acr"], "mfa");
    let other = auth.reauthenticate(&elevated.refresh_token, &user("bob")).await;
    assert!(matches!(other, Err(AuthError::InvalidCredentials)), "{other:?}");
    assert_eq!(events.names(), [""; 0], "the response tells that the sign-in was refused");
    auth.create_access_token(&ann).ttl("90d").label("ci").await.expect("a token");
    assert_eq!(events.names(), ["token_issued"]);
    auth.create_access_token(&ann).await.expect("a token");
    assert_eq!(events.names(), [""; 0], "it belongs to no session");
}

#[rocket::async_test]
async fn the_subject_and_the_device_are_there_for_those_who_ask() {
    let setup = Setup::memory();
    let (sender, told) = std::sync::mpsc::channel();
    let observer = move |event: &Event<'_>| {
        if let Event::SignedIn { identity, device, .. } = event {
            let told = (identity.subject().to_owned(), device.label().map(str::to_owned));
            sender.send(told).expect("the test waits");
            assert!(!format!("{event:?} {event}").contains("ann"), "{event:?}");
        }
    };
    let rocket = setup.attach(setup.fairing().observe(observer)).ignite().await.expect("the app launches");
    let auth: &JwtAuth = rocket.state().expect("the fairing is attached");
    let device = jwt_auth::Device::default().with_label("phone");
    auth.generate_tokens(&user("ann")).device(device).await.expect("a login");
    assert_eq!(told.try_recv(), Ok(("ann".to_owned(), Some("phone".to_owned()))));
}

#[rocket::async_test]
async fn an_observer_that_panics_does_not_fail_a_login() {
    let setup = Setup::memory();
    let fairing = setup.fairing().observe(|_| panic!("this observer has a bug"));
    let rocket = setup.attach(fairing).ignite().await.expect("the app launches");
    let auth: &JwtAuth = rocket.state().expect("the fairing is attached");
    login(auth).await;
}

//! Reauthentication: a session gets a new sign-in.

use jwt_auth::{AuthError, Claims, Device, InvalidGrant, JwtAuth, SignIn, TokenPair};
use jwt_auth_tests::{Setup, User, arrive, payload, refresh, refusal, revoked, user};
use rocket::futures::future::join_all;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::faulty_store::{Fault, FaultyStore};

on_every_store![
    a_session_continues_with_a_new_sign_in,
    an_elevation_ends_and_its_tokens_with_it,
    a_racing_refresh_gets_the_new_sign_in_and_does_not_revert_it,
    a_reauthentication_that_lost_the_race_takes_effect,
    claims_of_another_owner_change_nothing,
    a_reused_token_elevates_nothing_and_ends_its_session,
    an_ended_session_is_not_elevated,
    invalid_options_change_nothing,
    many_tabs_end_with_one_elevated_session,
    an_elevation_keeps_the_lifetimes_of_its_session,
    a_login_with_a_limited_acr_has_it_for_that_time,
];

const ACCESS_TTL: u64 = 15 * 60;

/// What an access token says about the sign-in: how long after the login it was, and its context.
pub(crate) fn sign_in(pair: &TokenPair, login: &TokenPair) -> (u64, Option<String>) {
    let time = |pair: &TokenPair| payload(&pair.access_token)["auth_time"].as_u64().expect("a time");
    let acr = payload(&pair.access_token).get("acr").and_then(Value::as_str).map(str::to_owned);
    (time(pair) - time(login), acr)
}

pub(crate) fn acr(acr: &str) -> Option<String> {
    Some(acr.to_owned())
}

pub(crate) async fn login(auth: &JwtAuth) -> TokenPair {
    auth.generate_tokens(&user("ann")).acr("pwd").await.expect("a login")
}

pub(crate) async fn elevate(auth: &JwtAuth, pair: &TokenPair) -> Result<TokenPair, AuthError> {
    auth.reauthenticate(&pair.refresh_token, &user("ann")).acr("mfa").await
}

async fn a_session_continues_with_a_new_sign_in(setup: Setup) {
    let auth = setup.launch().await;
    let first = login(&auth).await;
    assert_eq!(sign_in(&first, &first), (0, acr("pwd")));
    setup.advance(100);
    let second = elevate(&auth, &first).await.expect("a new sign-in");
    assert_eq!(sign_in(&second, &first), (100, acr("mfa")));
    let token = auth.verify::<User>(&second.access_token).expect("the token is valid");
    assert_eq!(
        (token.acr(), token.signed_in_at().map(|at| at.as_secs())),
        (Some("mfa"), Some(token.issued_at().as_secs()))
    );
    auth.verify::<User>(&first.access_token).expect("the session continues");
    let sid = |pair: &TokenPair| payload(&pair.access_token)["sid"].clone();
    assert_eq!(sid(&second), sid(&first));
    assert_eq!(auth.sessions::<User>("ann").await.expect("the store works").len(), 1);

    // For the rest of the session.
    let mut pair = second;
    for _ in 0..3 {
        setup.advance(10 * 24 * 60 * 60);
        pair = refresh(&auth, &pair.refresh_token).await.expect("a refresh");
        assert_eq!(sign_in(&pair, &first), (100, acr("mfa")));
    }
    let weaker = auth.reauthenticate(&pair.refresh_token, &user("ann")).await.expect("a new sign-in");
    assert_eq!(sign_in(&weaker, &first), (100 + 30 * 24 * 60 * 60, None), "it has no context of its own");
}

async fn an_elevation_ends_and_its_tokens_with_it(setup: Setup) {
    let auth = setup.launch().await;
    let first = login(&auth).await;
    setup.advance(60);
    let ann = user("ann");
    let elevated = auth.reauthenticate(&first.refresh_token, &ann).acr("mfa").elevated_for("10m");
    let elevated = elevated.await.expect("a new sign-in");
    assert_eq!(elevated.expires_in, 600, "its access token does not outlive it");
    setup.advance(599);
    let last = refresh(&auth, &elevated.refresh_token).await.expect("a refresh");
    assert_eq!((sign_in(&last, &first), last.expires_in), ((60, acr("mfa")), 1));
    arrive::<User>(&auth, &last).await;
    setup.advance(1);
    let after = refresh(&auth, &last.refresh_token).await.expect("a refresh");
    assert_eq!((sign_in(&after, &first), after.expires_in), ((0, acr("pwd")), ACCESS_TTL));
    setup.advance(11);
    assert!(auth.verify::<User>(&last.access_token).is_err(), "the leeway is over as well");
}

async fn a_racing_refresh_gets_the_new_sign_in_and_does_not_revert_it(setup: Setup) {
    let auth = setup.launch().await;
    let first = login(&auth).await;
    setup.advance(20);
    let elevated = elevate(&auth, &first).await.expect("a new sign-in");
    let racing = refresh(&auth, &first.refresh_token).await.expect("within the grace period");
    assert_eq!(sign_in(&racing, &first), (20, acr("mfa")));
    let jti = |pair: &TokenPair| payload(&pair.refresh_token)["jti"].clone();
    assert_eq!(jti(&racing), jti(&elevated), "both have the same successor");
    for pair in [racing, elevated] {
        let next = refresh(&auth, &pair.refresh_token).await.expect("a refresh");
        assert_eq!(sign_in(&next, &first), (20, acr("mfa")));
    }
}

async fn a_reauthentication_that_lost_the_race_takes_effect(setup: Setup) {
    let auth = setup.launch().await;
    let first = login(&auth).await;
    let racing = refresh(&auth, &first.refresh_token).await.expect("a refresh");
    assert_eq!(sign_in(&racing, &first), (0, acr("pwd")));
    setup.advance(20);
    let elevated = elevate(&auth, &first).await.expect("within the grace period");
    assert_eq!(sign_in(&elevated, &first), (20, acr("mfa")));
    let next = refresh(&auth, &racing.refresh_token).await.expect("a refresh");
    assert_eq!(sign_in(&next, &first), (20, acr("mfa")), "the tab that was first gets it as well");
}

#[derive(Claims, Serialize, Deserialize)]
#[claims(audience = "devices")]
struct Machine {
    #[claims(subject)]
    name: String,
}

async fn claims_of_another_owner_change_nothing(setup: Setup) {
    let auth = setup.launch().await;
    let first = login(&auth).await;
    setup.advance(100);
    let other = user("ben");
    let subject = auth.reauthenticate(&first.refresh_token, &other).acr("mfa").await;
    assert!(matches!(subject, Err(AuthError::InvalidCredentials)), "{subject:?}");
    let device = Machine { name: "ann".to_owned() };
    let kind = auth.reauthenticate(&first.refresh_token, &device).acr("mfa").await;
    assert!(matches!(kind, Err(AuthError::InvalidCredentials)), "{kind:?}");
    let next = refresh(&auth, &first.refresh_token).await.expect("the token was not used up");
    assert_eq!(sign_in(&next, &first), (0, acr("pwd")));
    assert_eq!(payload(&next.refresh_token)["gen"], 1, "it was replaced once");
}

async fn a_reused_token_elevates_nothing_and_ends_its_session(setup: Setup) {
    let auth = setup.launch().await;
    let stolen = login(&auth).await;
    let thief = refresh(&auth, &stolen.refresh_token).await.expect("the thief comes first");
    arrive::<User>(&auth, &thief).await;
    setup.advance(31);
    assert_eq!(refusal(elevate(&auth, &stolen).await), InvalidGrant::Reused);
    assert_eq!(refusal(refresh(&auth, &thief.refresh_token).await), InvalidGrant::Unknown);
    assert!(revoked(auth.verify::<User>(&thief.access_token)));
}

async fn an_ended_session_is_not_elevated(setup: Setup) {
    let auth = setup.launch().await;
    let (ended, expired) = (login(&auth).await, login(&auth).await);
    auth.invalidate_refresh_token(&ended.refresh_token).await.expect("a logout");
    assert_eq!(refusal(elevate(&auth, &ended).await), InvalidGrant::Unknown);
    setup.advance(14 * 24 * 60 * 60);
    assert_eq!(refusal(elevate(&auth, &expired).await), InvalidGrant::Expired);
}

async fn invalid_options_change_nothing(setup: Setup) {
    let auth = setup.launch().await;
    let first = login(&auth).await;
    let ann = user("ann");
    let again = || auth.reauthenticate(&first.refresh_token, &ann);
    let long = "x".repeat(53);
    for (reauthentication, expected) in [
        (again().elevated_for("soon"), "`elevated_for` is \"soon\""),
        (again().elevated_for("0s"), "`elevated_for` must be from 1 second"),
        (again().acr(&long), "`acr` has 53 bytes; the maximum of a reauthentication, or with"),
    ] {
        match reauthentication.await {
            Err(AuthError::Internal(message)) => assert!(message.starts_with(expected), "{message}"),
            other => panic!("{expected}: {other:?}"),
        }
    }
    let next = refresh(&auth, &first.refresh_token).await.expect("the token was not used up");
    assert_eq!(
        (sign_in(&next, &first), payload(&next.refresh_token)["gen"].clone()),
        ((0, acr("pwd")), 1.into())
    );
}

async fn many_tabs_end_with_one_elevated_session(setup: Setup) {
    let auth = setup.launch().await;
    let first = login(&auth).await;
    setup.advance(10);
    let tabs = (0..20).map(|tab| {
        let (auth, first) = (&auth, &first);
        async move {
            match tab == 10 {
                true => elevate(auth, first).await,
                false => refresh(auth, &first.refresh_token).await,
            }
        }
    });
    let pairs: Vec<TokenPair> =
        join_all(tabs).await.into_iter().collect::<Result<_, _>>().expect("every tab gets a pair");
    let ids: Vec<Value> = pairs.iter().map(|pair| payload(&pair.refresh_token)["jti"].clone()).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "one live token: {ids:?}");
    assert_eq!(sign_in(&pairs[10], &first), (10, acr("mfa")));
    let next = refresh(&auth, &pairs[0].refresh_token).await.expect("a refresh");
    assert_eq!(sign_in(&next, &first), (10, acr("mfa")));
}

async fn an_elevation_keeps_the_lifetimes_of_its_session(setup: Setup) {
    let auth = setup.launch().await;
    let ann = user("ann");
    let first = auth.generate_tokens(&ann).idle("1h").absolute("90m").await.expect("a login");
    setup.advance(60 * 60 - 1);
    let elevated = elevate(&auth, &first).await.expect("the last second");
    assert_eq!(elevated.refresh_expires_in, 30 * 60 + 1, "the absolute end does not move");
    setup.advance(30 * 60 + 1);
    assert_eq!(refusal(refresh(&auth, &elevated.refresh_token).await), InvalidGrant::Expired);
}

async fn a_login_with_a_limited_acr_has_it_for_that_time(setup: Setup) {
    let auth = setup.launch().await;
    let accepted = || SignIn::accepted(user("ann"));
    let login = auth.sign_in(accepted().acr("mfa").elevated_for("10m"), Device::default()).await;
    let first = login.expect("a login");
    assert_eq!((sign_in(&first, &first), first.expires_in), ((0, acr("mfa")), 600));
    setup.advance(599);
    let last = refresh(&auth, &first.refresh_token).await.expect("a refresh");
    assert_eq!((sign_in(&last, &first), last.expires_in), ((0, acr("mfa")), 1));
    setup.advance(1);
    let after = refresh(&auth, &last.refresh_token).await.expect("a refresh");
    assert_eq!((sign_in(&after, &first), after.expires_in), ((0, None), ACCESS_TTL));

    let login = auth.sign_in(accepted().elevated_for("10m"), Device::default()).await.expect("a login");
    assert_eq!((sign_in(&login, &login), login.expires_in), ((0, None), ACCESS_TTL), "nothing is limited");
    let before = auth.sessions::<User>("ann").await.expect("the store works").len();
    for invalid in [accepted().elevated_for("soon"), accepted().acr(&"x".repeat(53)).elevated_for("10m")] {
        let refused = auth.sign_in(invalid, Device::default()).await;
        assert!(matches!(refused, Err(AuthError::Internal(_))), "{refused:?}");
    }
    assert_eq!(auth.sessions::<User>("ann").await.expect("the store works").len(), before);
}

#[rocket::async_test]
async fn a_store_that_drops_an_elevation_is_an_error() {
    for (fault, is_retry) in [(Fault::ElevationIsForgotten, false), (Fault::RetryDoesNotElevate, true)] {
        let setup = Setup::memory();
        let fairing = JwtAuth::fairing().store(FaultyStore::with(fault));
        let rocket = setup.attach(fairing).ignite().await.expect("the app launches");
        let auth: &JwtAuth = rocket.state().expect("the fairing is attached");
        let first = login(auth).await;
        if is_retry {
            refresh(auth, &first.refresh_token).await.expect("a refresh");
        }
        match elevate(auth, &first).await {
            Err(AuthError::Internal(message)) => {
                assert!(message.starts_with("the store has lost the new sign-in"), "{message}");
            }
            other => panic!("{fault:?}: {other:?}"),
        }
    }
}

#[rocket::async_test]
async fn without_a_grace_period_a_replaced_token_elevates_nothing() {
    let setup = Setup::memory().with("reuse_grace", "0s");
    let auth = setup.launch().await;
    let first = login(&auth).await;
    let elevated = elevate(&auth, &first).await.expect("a new sign-in");
    assert_eq!(sign_in(&elevated, &first), (0, acr("mfa")));
    assert_eq!(refusal(elevate(&auth, &first).await), InvalidGrant::Reused);
}

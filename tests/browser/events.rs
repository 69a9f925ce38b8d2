//! Events of requests with cookies.

use std::time::Duration;

use jwt_auth::testing::{self, Browser};
use jwt_auth_tests::Events;
use rocket::http::Status;

use crate::app::{ACCESS_TTL, Accounts, mount, secure, sign_in};

async fn observed() -> (Browser, Events) {
    let (setup, events) = (secure(), Events::default());
    let fairing = setup.fairing().cookies().users(Accounts).observe(events.observer());
    let browser = testing::browser(mount(setup.attach(fairing))).await;
    events.take();
    (browser, events)
}

#[rocket::async_test]
async fn a_request_of_another_site_is_reported_once() {
    let (browser, events) = observed().await;
    sign_in(&browser, "ann", true).await;
    assert_eq!(events.names(), ["signed_in"]);
    let evil = browser.page_of("https://evil.example");
    let login = evil.submit("/login", "name=mallory&password=right").send().await;
    assert_eq!(login.status(), Status::Forbidden);
    assert_eq!(events.names(), ["cross_origin cross_origin"]);
    assert_eq!(evil.post("/careless-login/mallory").send().await.status(), Status::Forbidden);
    assert_eq!(events.names(), ["signed_in", "session_ended undelivered", "cross_origin cross_origin"]);
}

#[rocket::async_test]
async fn a_renewal_is_a_refresh_and_a_second_sign_in_ends_the_first() {
    let (browser, events) = observed().await;
    sign_in(&browser, "ann", true).await;
    testing::clock(browser.rocket()).advance(Duration::from_secs(ACCESS_TTL));
    assert_eq!(browser.page().get("/me").send().await.status(), Status::Ok);
    assert_eq!(events.names(), ["signed_in", "refreshed"]);
    sign_in(&browser, "bob", true).await;
    assert_eq!(events.names(), ["signed_in", "session_ended replaced"]);
    let refused = browser.page().submit("/login", "name=ann&password=wrong").send().await;
    assert_eq!(refused.status(), Status::Unauthorized);
    assert_eq!(events.names(), ["sign_in_refused invalid_credentials"]);
    assert_eq!(browser.page().post("/logout").send().await.status(), Status::NoContent);
    assert_eq!(events.names(), ["session_ended logout"]);
}

#[rocket::async_test]
async fn a_renewal_of_a_revoked_session_is_refused_once() {
    let (browser, events) = observed().await;
    sign_in(&browser, "deleted", true).await;
    testing::clock(browser.rocket()).advance(Duration::from_secs(ACCESS_TTL));
    events.take();
    assert_eq!(browser.page().get("/feed").send().await.body(), "anonymous", "a token is optional");
    assert_eq!(events.names(), ["session_ended no_such_subject", "refresh_refused no_such_subject"]);
}

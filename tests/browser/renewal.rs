//! An expired access token in a cookie is renewed by the request that presents it.

use std::time::Duration;

use jwt_auth::testing::{self, Browser};
use jwt_auth::{JwtAuth, TokenPair};
use jwt_auth_tests::{Log, User, payload, user};
use rocket::futures::future::join_all;
use rocket::http::{Header, Status};

use crate::app::{ACCESS, ACCESS_TTL, REFRESH, browser, sign_in};

fn wait(browser: &Browser, seconds: u64) {
    testing::clock(browser.rocket()).advance(Duration::from_secs(seconds));
}

fn auth(browser: &Browser) -> &JwtAuth {
    browser.rocket().state().expect("the fairing is attached")
}

fn refresh_id(browser: &Browser) -> serde_json::Value {
    payload(&browser.cookie(REFRESH).expect("there is a refresh token"))["jti"].clone()
}

#[rocket::async_test]
async fn an_expired_access_token_is_renewed_on_the_way() {
    let browser = browser().await;
    sign_in(&browser, "ann", true).await;
    let before = refresh_id(&browser);
    wait(&browser, ACCESS_TTL);

    let response = browser.page().get("/me").send().await;
    assert_eq!((response.status(), response.body()), (Status::Ok, "ann by Cookie"));
    assert_eq!(response.set_cookies().len(), 2);
    assert_eq!(response.headers().get_one("Cache-Control"), Some("no-store"));
    assert_ne!(refresh_id(&browser), before);

    let response = browser.page().get("/me").send().await;
    assert_eq!(response.set_cookies(), Vec::<&str>::new(), "the new token is valid");
    assert_eq!(response.headers().get_one("Cache-Control"), Some("private, no-cache"));
}

#[rocket::async_test]
async fn a_renewed_pair_survives_every_response() {
    for (path, status) in [
        ("/moved", Status::SeeOther),
        ("/admin", Status::Forbidden),
        ("/missing", Status::NotFound),
        ("/panic", Status::InternalServerError),
        ("/feed", Status::Ok),
        ("/", Status::Ok),
    ] {
        let browser = browser().await;
        sign_in(&browser, "ann", true).await;
        wait(&browser, ACCESS_TTL);
        let response = browser.page().get(path).send().await;
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(response.set_cookies().len(), 2, "{path}");
        assert_eq!(browser.page().get("/me").send().await.body(), "ann by Cookie", "{path}");
    }
}

#[rocket::async_test]
async fn twenty_racing_requests_get_one_successor_and_none_deletes_a_cookie() {
    let browser = browser().await;
    sign_in(&browser, "ann", true).await;
    wait(&browser, ACCESS_TTL);
    let page = browser.page();
    let responses = join_all((0..20).map(|_| page.get("/me").send())).await;

    let mut successors = std::collections::BTreeSet::new();
    for response in &responses {
        assert_eq!(response.status(), Status::Ok, "{response:?}");
        for cookie in response.set_cookies() {
            assert!(!cookie.contains("Max-Age=0"), "{cookie}");
            if let Some(token) = cookie.strip_prefix(&format!("{REFRESH}=")) {
                let token = token.split(';').next().expect("a value");
                successors.insert(payload(token)["jti"].to_string());
            }
        }
    }
    assert_eq!(successors.len(), 1);
    assert_eq!(browser.page().get("/me").send().await.body(), "ann by Cookie");
}

/// A phone in a tunnel: the response to the renewal never arrives.
#[rocket::async_test]
async fn a_renewal_whose_response_was_lost_logs_no_user_out() {
    for wait_for in [1, 10 * 60, 24 * 60 * 60] {
        let browser = browser().await;
        sign_in(&browser, "ann", true).await;
        wait(&browser, ACCESS_TTL);
        let cookies = format!(
            "{ACCESS}={}; {REFRESH}={}",
            browser.cookie(ACCESS).expect("a cookie"),
            browser.cookie(REFRESH).expect("a cookie")
        );
        let old = || browser.page().get("/me").header(Header::new("Cookie", cookies.clone()));
        let lost = old().send().await;
        assert_eq!(lost.status(), Status::Ok);
        wait(&browser, wait_for);
        let response = old().send().await;
        assert_eq!((response.status(), response.body()), (Status::Ok, "ann by Cookie"), "after {wait_for} s");
        assert_eq!(browser.page().get("/me").send().await.body(), "ann by Cookie");
    }
}

#[rocket::async_test]
async fn a_refresh_cookie_counts_only_with_an_access_cookie_of_its_session() {
    let browser = browser().await;
    sign_in(&browser, "ann", true).await;
    wait(&browser, ACCESS_TTL);
    let other = testing::login(browser.rocket(), &user("mallory"));
    let expired = browser.cookie(ACCESS).expect("a cookie");
    for cookies in [
        format!("{ACCESS}={expired}; {REFRESH}={}", other.refresh_token),
        format!("{REFRESH}={}", other.refresh_token),
        format!("{ACCESS}=; {REFRESH}={}", other.refresh_token),
        format!("{ACCESS}=garbage; {REFRESH}={}", other.refresh_token),
        format!("{ACCESS}={}; {REFRESH}={}", other.refresh_token, other.refresh_token),
        format!("{ACCESS}={expired}"),
    ] {
        let response = browser.page().get("/me").header(Header::new("Cookie", cookies.clone())).send().await;
        assert_eq!(response.status(), Status::Unauthorized, "{cookies}");
        assert_eq!(response.set_cookies(), Vec::<&str>::new(), "{cookies}");
    }
    auth(&browser).check_refresh_token(&other.refresh_token).await.expect("it was not used up");
    assert_eq!(browser.page().get("/me").send().await.body(), "ann by Cookie");
}

#[rocket::async_test]
async fn two_refresh_cookies_do_not_count_but_the_access_cookie_does() {
    let browser = browser().await;
    sign_in(&browser, "ann", true).await;
    let (access, refresh) = (browser.cookie(ACCESS).expect("one"), browser.cookie(REFRESH).expect("one"));
    let cookies = format!("{ACCESS}={access}; {REFRESH}={refresh}; {REFRESH}=planted");
    let request = || browser.page().get("/me").header(Header::new("Cookie", cookies.clone()));
    assert_eq!(request().send().await.body(), "ann by Cookie");
    wait(&browser, ACCESS_TTL);
    assert_eq!(request().send().await.status(), Status::Unauthorized);
    assert_eq!(
        browser.cookie_names(),
        Vec::<String>::new(),
        "both are expired, so that the next login works"
    );
}

#[rocket::async_test]
async fn cookies_are_expired_when_the_session_has_ended_and_not_on_401_or_503_alone() {
    let browser = browser().await;
    sign_in(&browser, "ann", true).await;
    auth(&browser).revoke_subject::<User>("ann").await.expect("memory works");
    let response = browser.page().get("/me").send().await;
    assert_eq!(response.status(), Status::Unauthorized, "revoked");
    assert_eq!(response.set_cookies(), Vec::<&str>::new());

    wait(&browser, ACCESS_TTL);
    assert_eq!(browser.page().get("/").send().await.body(), "anonymous");
    assert_eq!(browser.cookie_names(), Vec::<String>::new(), "the store says that the session has ended");
}

#[rocket::async_test]
async fn a_deleted_user_is_signed_out() {
    let browser = browser().await;
    sign_in(&browser, "deleted", true).await;
    wait(&browser, ACCESS_TTL);
    assert_eq!(browser.page().get("/me").send().await.status(), Status::Unauthorized);
    assert_eq!(browser.cookie_names(), Vec::<String>::new());
}

#[rocket::async_test]
async fn a_stolen_refresh_token_ends_the_session_of_both() {
    let browser = browser().await;
    sign_in(&browser, "ann", true).await;
    let stolen = browser.cookie(REFRESH).expect("a cookie");
    wait(&browser, ACCESS_TTL);
    browser.page().get("/me").send().await;
    browser.page().get("/me").send().await;
    jwt_auth::__private::settled(auth(&browser)).await;
    wait(&browser, 60);

    let thief: Result<TokenPair, _> =
        auth(&browser).refresh(&stolen, async |name: String| Some(user(&name))).await;
    assert!(thief.is_err(), "{thief:?}");
    assert_eq!(browser.page().get("/me").send().await.status(), Status::Unauthorized);
}

#[rocket::async_test]
async fn a_prefetch_renews_nothing() {
    for (name, value) in
        [("Sec-Purpose", "prefetch"), ("Sec-Purpose", "prefetch;prerender"), ("Purpose", "prefetch")]
    {
        let browser = browser().await;
        sign_in(&browser, "ann", true).await;
        wait(&browser, ACCESS_TTL);
        // The browser discards an error, but would show the page for anonymous visitors.
        for path in ["/me", "/", "/feed"] {
            let response = browser.page().follow(path).header(Header::new(name, value)).send().await;
            assert_eq!(response.status(), Status::Unauthorized, "{path}");
            assert_eq!(response.set_cookies(), Vec::<&str>::new());
        }
        assert_eq!(browser.page().get("/me").send().await.body(), "ann by Cookie");
    }
}

#[rocket::async_test]
async fn with_both_tokens_dead_pages_for_everyone_work() {
    let browser = browser().await;
    sign_in(&browser, "ann", true).await;
    let cookies = format!("{ACCESS}=dead; {REFRESH}=dead");
    for (path, body) in [("/", "anonymous"), ("/feed", "anonymous"), ("/login", "a form")] {
        let response = browser.page().get(path).header(Header::new("Cookie", cookies.clone())).send().await;
        assert_eq!((response.status(), response.body()), (Status::Ok, body), "{path}");
    }
    let login =
        browser.page().submit("/login", "name=ann&password=right").header(Header::new("Cookie", cookies));
    assert_eq!(login.send().await.status(), Status::Ok);
}

#[rocket::async_test]
async fn claims_that_no_longer_fit_into_a_cookie_lock_no_user_out_of_pages_for_everyone() {
    let browser = browser().await;
    sign_in(&browser, "promoted", true).await;
    wait(&browser, ACCESS_TTL);
    let log = Log::capture();
    for (path, status) in [("/", Status::Ok), ("/login", Status::Ok), ("/me", Status::InternalServerError)] {
        let response = browser.page().get(path).send().await;
        assert_eq!(response.status(), status, "{path}: {}", log.text());
        assert_eq!(response.set_cookies(), Vec::<&str>::new(), "{path}");
    }
    assert!(log.text().contains("The largest claims are `roles`"), "{}", log.text());
}

#[rocket::async_test]
async fn the_choice_to_remember_survives_every_renewal() {
    for remember in [true, false] {
        let browser = browser().await;
        sign_in(&browser, "ann", remember).await;
        for _ in 0..10 {
            wait(&browser, ACCESS_TTL);
            let response = browser.page().get("/me").send().await;
            assert_eq!(response.status(), Status::Ok);
            for cookie in response.set_cookies() {
                assert_eq!(cookie.contains("Max-Age"), remember, "{cookie}");
            }
        }
        browser.close();
        let status = if remember { Status::Ok } else { Status::Unauthorized };
        assert_eq!(browser.page().get("/me").send().await.status(), status);
    }
}

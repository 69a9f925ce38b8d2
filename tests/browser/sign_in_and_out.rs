//! Signing a browser in and out.

use jwt_auth::JwtAuth;
use jwt_auth::testing::{self, AuthRequest, Browser};
use jwt_auth_tests::{User, payload, user};
use rocket::http::{ContentType, Header, Status};
use rocket::local::asynchronous::Client;

use crate::app::{ACCESS, ACCESS_TTL, browser, rocket, secure, sign_in};

async fn sessions(browser: &Browser, name: &str) -> usize {
    let auth = browser.rocket().state::<JwtAuth>().expect("the fairing is attached");
    auth.sessions::<User>(name).await.expect("memory works").len()
}

#[rocket::async_test]
async fn a_logout_ends_the_session_and_expires_both_cookies() {
    for seconds in [0, ACCESS_TTL] {
        let browser = browser().await;
        sign_in(&browser, "ann", true).await;
        testing::clock(browser.rocket()).advance(std::time::Duration::from_secs(seconds));
        let response = browser.page().submit("/logout", "").send().await;
        assert_eq!(response.status(), Status::NoContent);
        assert_expired(&response.set_cookies());
        assert_eq!(response.headers().get_one("Clear-Site-Data"), None);
        assert_eq!(browser.cookie_names(), Vec::<String>::new());
        assert_eq!(sessions(&browser, "ann").await, 0, "after {seconds} s");
    }
}

/// With the attributes that set them, also if they were not sent.
fn assert_expired(cookies: &[&str]) {
    assert_eq!(cookies.len(), 2);
    for cookie in cookies {
        assert!(cookie.contains("=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0"), "{cookie}");
    }
}

#[rocket::async_test]
async fn a_logout_without_a_session_expires_the_cookies_as_well() {
    let browser = browser().await;
    let response = browser.page().post("/logout").send().await;
    assert_eq!(response.status(), Status::NoContent);
    assert_expired(&response.set_cookies());
}

#[rocket::async_test]
async fn a_logout_with_two_cookies_of_one_name_ends_both_sessions() {
    let browser = browser().await;
    let pairs = ["ann", "bob"].map(|name| testing::login(browser.rocket(), &user(name)));
    let cookies = pairs.map(|pair| format!("{ACCESS}={}", pair.access_token)).join("; ");
    let logout = browser.page().post("/logout").header(Header::new("Cookie", cookies)).send().await;
    assert_eq!(logout.status(), Status::NoContent);
    assert_expired(&logout.set_cookies());
    assert_eq!((sessions(&browser, "ann").await, sessions(&browser, "bob").await), (0, 0));
}

#[rocket::async_test]
async fn a_program_signs_out_by_its_header() {
    let client = Client::untracked(testing::app(rocket(&secure()))).await.expect("the app launches");
    let pair = testing::login(client.rocket(), &user("ann"));
    let logout = client.post("/logout").with_session(&pair).dispatch().await;
    assert_eq!((logout.status(), logout.headers().get_one("Set-Cookie")), (Status::NoContent, None));
    assert_eq!(client.get("/me").with_session(&pair).dispatch().await.status(), Status::Unauthorized);
    let malformed = client.post("/logout").with_bearer("a b").dispatch().await;
    assert_eq!(malformed.status(), Status::BadRequest);
}

#[rocket::async_test]
async fn a_sign_in_ends_the_session_that_the_browser_had() {
    let browser = browser().await;
    sign_in(&browser, "ann", true).await;
    sign_in(&browser, "ann", true).await;
    assert_eq!(sessions(&browser, "ann").await, 1);
    sign_in(&browser, "bob", true).await;
    assert_eq!(sessions(&browser, "ann").await, 0);
    assert_eq!(browser.page().get("/me").send().await.body(), "bob by Cookie");
}

#[rocket::async_test]
async fn a_refresh_by_hand_continues_the_session_of_the_browser() {
    let browser = browser().await;
    assert_eq!(browser.page().post("/refresh").send().await.status(), Status::Unauthorized);
    sign_in(&browser, "ann", true).await;
    testing::clock(browser.rocket()).advance(std::time::Duration::from_secs(ACCESS_TTL));
    let response = browser.page().post("/refresh").send().await;
    assert_eq!((response.status(), response.body()), (Status::Ok, r#"{"expires_in":900}"#));
    assert!(response.set_cookies().iter().all(|cookie| cookie.contains("Max-Age")), "it is still remembered");
    assert_eq!(sessions(&browser, "ann").await, 1, "it does not end as the one that the browser had before");
    assert_eq!(browser.page().get("/me").send().await.body(), "ann by Cookie");
    let other = browser.page_of("https://evil.example.com").post("/refresh").send().await;
    assert_eq!(other.status(), Status::Forbidden);
}

#[rocket::async_test]
async fn a_wrong_password_sets_no_cookie() {
    let browser = browser().await;
    let response = browser.page().submit("/login", "name=ann&password=wrong").send().await;
    assert_eq!(response.status(), Status::Unauthorized);
    assert_eq!(response.set_cookies(), Vec::<&str>::new());
}

#[rocket::async_test]
async fn without_remember_the_session_ends_with_the_browser() {
    let browser = browser().await;
    let response = browser.page().submit("/login", "name=ann&password=right").send().await;
    assert!(response.set_cookies().iter().all(|cookie| !cookie.contains("Max-Age")));
    browser.close();
    assert_eq!(browser.page().get("/me").send().await.status(), Status::Unauthorized);
}

#[rocket::async_test]
async fn a_program_gets_the_pair_as_json_and_no_cookies() {
    let client = Client::untracked(testing::app(rocket(&secure()))).await.expect("the app launches");
    let response = client.post("/careless-login/ann").dispatch().await;
    assert_eq!(response.headers().get_one("Set-Cookie"), None);
    let pair: serde_json::Value = response.into_json().await.expect("a pair of tokens");
    let token = pair["access_token"].as_str().expect("a token");
    assert_eq!(payload(token)["sub"], "ann");
}

#[rocket::async_test]
async fn what_looks_like_a_browser_gets_no_token_in_a_body() {
    let browser = browser().await;
    let page = browser.page();
    for request in [page.post("/careless-login/ann"), page.submit("/careless-login/ann", "a=b")] {
        let response = request.send().await;
        assert_eq!(response.status(), Status::SeeOther, "the redirect of the handler");
        assert_eq!(response.body(), "");
        assert!(response.set_cookies()[0].starts_with(ACCESS));
    }
    let client = Client::untracked(testing::app(rocket(&secure()))).await.expect("the app launches");
    let form = client.post("/login").header(ContentType::Form).body("name=ann&password=right");
    assert_eq!(form.dispatch().await.status(), Status::Forbidden, "a form without an origin");
}

//! Scripts of the app's own pages, and pages of other sites.

use std::time::Duration;

use jwt_auth::testing::{self, Browser};
use rocket::http::{ContentType, Header, Method, Status};
use serde_json::{Value, json};

use super::{app, browser, parse, send, sign_in};
use crate::app::{ACCESS, ACCESS_TTL, REFRESH, secure};

#[rocket::async_test]
async fn no_body_has_a_token() {
    let browser = browser().await;
    let login = sign_in(&browser, "ann").await;
    assert_eq!((login.status(), parse(login.body())), (Status::Ok, json!({ "expires_in": 900 })));
    let before = browser.cookie(REFRESH);
    for (method, path) in
        [(Method::Post, "/auth/refresh"), (Method::Get, "/auth/session"), (Method::Get, "/auth/sessions")]
    {
        let response = send(&browser, method, path, &Value::Null).await;
        assert_eq!(response.status(), Status::Ok, "{path}");
        for cookie in [ACCESS, REFRESH] {
            let token = browser.cookie(cookie).expect("the browser is signed in");
            assert!(!response.body().contains(&token), "{path}");
        }
        assert!(!response.body().contains("token"), "{path}: {}", response.body());
    }
    assert_ne!(browser.cookie(REFRESH), before, "the refresh token was replaced");
}

#[rocket::async_test]
async fn a_page_learns_who_is_signed_in() {
    let browser = browser().await;
    assert_eq!(
        send(&browser, Method::Get, "/auth/session", &Value::Null).await.status(),
        Status::Unauthorized
    );
    sign_in(&browser, "ann").await;
    testing::clock(browser.rocket()).advance(Duration::from_secs(100));
    let session = parse(send(&browser, Method::Get, "/auth/session", &Value::Null).await.body());
    assert_eq!(
        (&session["subject"], &session["expires_in"], &session["acr"]),
        (&json!("ann"), &json!(800), &Value::Null)
    );
    assert!(session["signed_in_at"].is_u64(), "{session}");

    testing::clock(browser.rocket()).advance(Duration::from_secs(ACCESS_TTL));
    let renewed = parse(send(&browser, Method::Get, "/auth/session", &Value::Null).await.body());
    assert_eq!((&renewed["expires_in"], &renewed["signed_in_at"]), (&json!(900), &session["signed_in_at"]));
}

#[rocket::async_test]
async fn sessions_are_listed_and_ended() {
    let browser = browser().await;
    for _ in 0..3 {
        sign_in(&browser, "ann").await;
        browser.close();
        forget(&browser).await;
    }
    sign_in(&browser, "ann").await;
    let sessions = list(&browser).await;
    assert_eq!(sessions.len(), 4);
    let current: Vec<&Value> = sessions.iter().filter(|session| session["current"] == true).collect();
    assert_eq!(current.len(), 1);
    let other = sessions.iter().find(|session| session["current"] == false).expect("there are others");

    let path = format!("/auth/sessions/{}", other["id"].as_str().expect("an id"));
    let ended = send(&browser, Method::Delete, &path, &Value::Null).await;
    assert_eq!((ended.status(), ended.set_cookies()), (Status::NoContent, vec![]));
    let again = send(&browser, Method::Delete, &path, &Value::Null).await;
    assert_eq!(again.status(), Status::NotFound);
    let rubbish = send(&browser, Method::Delete, "/auth/sessions/rubbish", &Value::Null).await;
    assert_eq!(rubbish.status(), Status::UnprocessableEntity);

    let others = send(&browser, Method::Delete, "/auth/sessions", &Value::Null).await;
    assert_eq!((others.status(), list(&browser).await.len()), (Status::NoContent, 1));

    let own = format!("/auth/sessions/{}", current[0]["id"].as_str().expect("an id"));
    let ended = send(&browser, Method::Delete, &own, &Value::Null).await;
    assert_eq!((ended.status(), browser.cookie_names()), (Status::NoContent, vec![]));
}

#[rocket::async_test]
async fn a_logout_everywhere_signs_this_browser_out() {
    let browser = browser().await;
    let elsewhere = testing::login(browser.rocket(), &jwt_auth_tests::user("ann"));
    sign_in(&browser, "ann").await;
    let logout = send(&browser, Method::Post, "/auth/logout-all", &Value::Null).await;
    assert_eq!((logout.status(), browser.cookie_names()), (Status::NoContent, vec![]));
    let refresh = json!({ "refresh_token": elsewhere.refresh_token });
    assert_eq!(send(&browser, Method::Post, "/auth/refresh", &refresh).await.status(), Status::Unauthorized);
}

#[rocket::async_test]
async fn a_logout_by_cookie_ends_the_session_even_if_the_access_token_has_expired() {
    for seconds in [0, ACCESS_TTL] {
        let browser = browser().await;
        sign_in(&browser, "ann").await;
        let refresh_token = browser.cookie(REFRESH);
        testing::clock(browser.rocket()).advance(Duration::from_secs(seconds));
        let logout = send(&browser, Method::Post, "/auth/logout", &Value::Null).await;
        assert_eq!((logout.status(), browser.cookie_names()), (Status::NoContent, vec![]));
        let refresh = json!({ "refresh_token": refresh_token });
        let refused = send(&browser, Method::Post, "/auth/refresh", &refresh).await;
        assert_eq!(parse(refused.body())["error"], "invalid_grant", "after {seconds} s");
    }
}

#[rocket::async_test]
async fn a_refresh_whose_session_has_ended_expires_the_cookies() {
    let browser = browser().await;
    sign_in(&browser, "ann").await;
    let auth = browser.rocket().state::<jwt_auth::JwtAuth>().expect("the fairing is attached");
    auth.revoke_subject::<jwt_auth_tests::User>("ann").await.expect("memory works");
    let refused = send(&browser, Method::Post, "/auth/refresh", &Value::Null).await;
    assert_eq!((refused.status(), browser.cookie_names()), (Status::Unauthorized, vec![]));
    let nothing = send(&browser, Method::Post, "/auth/refresh", &Value::Null).await;
    assert_eq!(parse(nothing.body())["error"], "unauthorized");
}

#[rocket::async_test]
async fn a_refresh_with_two_cookies_of_one_name_expires_both() {
    for repeated in [ACCESS, REFRESH] {
        let browser = browser().await;
        sign_in(&browser, "ann").await;
        let pairs = [ACCESS, REFRESH, repeated]
            .map(|name| format!("{name}={}", browser.cookie(name).expect("a cookie")));
        let refresh =
            browser.page().post("/auth/refresh").header(Header::new("Cookie", pairs.join("; "))).send().await;
        assert_eq!((refresh.status(), refresh.set_cookies().len()), (Status::Unauthorized, 2), "{repeated}");
        assert_eq!(browser.cookie_names(), Vec::<String>::new());
    }
}

#[rocket::async_test]
async fn a_logout_by_header_or_body_leaves_the_cookies_of_another_session() {
    let browser = browser().await;
    sign_in(&browser, "ann").await;
    let other = testing::login(browser.rocket(), &jwt_auth_tests::user("bob"));
    let header = Header::new("Authorization", format!("Bearer {}", other.access_token));
    let logout = browser.page().post("/auth/logout").header(header).send().await;
    assert_eq!((logout.status(), logout.set_cookies()), (Status::NoContent, vec![]));

    let other = testing::login(browser.rocket(), &jwt_auth_tests::user("bob"));
    let logout =
        send(&browser, Method::Post, "/auth/logout", &json!({ "refresh_token": other.refresh_token })).await;
    assert_eq!((logout.status(), logout.set_cookies()), (Status::NoContent, vec![]));

    let own = json!({ "refresh_token": browser.cookie(REFRESH) });
    let logout = send(&browser, Method::Post, "/auth/logout", &own).await;
    assert_eq!((logout.status(), browser.cookie_names()), (Status::NoContent, vec![]));
}

#[rocket::async_test]
async fn another_site_can_neither_sign_in_nor_out_nor_refresh_nor_end_sessions() {
    for signed_in in [false, true] {
        for origin in ["https://evil.example", "https://other.example.com", "http://app.example.com"] {
            let browser = browser().await;
            if signed_in {
                sign_in(&browser, "ann").await;
            }
            let (cookies, evil) = (browser.cookie(REFRESH), browser.page_of(origin));
            for (path, body) in [
                ("/auth/login", "name=eve&password=right"),
                ("/auth/logout", ""),
                ("/auth/refresh", ""),
                ("/auth/logout-all", ""),
                ("/auth/sessions", "_method=delete"),
            ] {
                let form = evil.submit(path, body).send().await;
                let method = if path == "/auth/sessions" { Method::Delete } else { Method::Post };
                let script = evil.fetch(method, path).header(ContentType::JSON).body(body).send().await;
                for response in [form, script] {
                    assert_eq!(response.status(), Status::Forbidden, "{path} {origin}");
                    assert_eq!(response.set_cookies(), Vec::<&str>::new(), "{path} {origin}");
                }
            }
            assert_eq!(browser.cookie(REFRESH), cookies);
            if signed_in {
                assert_eq!(list(&browser).await.len(), 1, "{origin}");
            }
        }
    }
}

#[rocket::async_test]
async fn without_session_cookies_a_browser_gets_the_pair() {
    let setup = jwt_auth_tests::Setup::memory();
    let fairing = jwt_auth::JwtAuth::fairing().clock(setup.clock.clone()).users(crate::app::Accounts);
    let rocket = crate::app::mount(setup.attach(fairing))
        .mount("/auth", jwt_auth::session_routes::<crate::app::Accounts>());
    let browser = testing::browser(rocket).await;
    let login = sign_in(&browser, "ann").await;
    assert!(parse(login.body())["refresh_token"].is_string(), "{login:?}");
    assert_eq!(login.set_cookies(), Vec::<&str>::new());
}

#[rocket::async_test]
async fn a_page_of_a_listed_origin_may_sign_in() {
    let setup = secure().with("cookies.origins", ["https://www.example.com"]);
    let browser = testing::browser(app(&setup)).await;
    let page = browser.page_of("https://www.example.com");
    let login = page
        .post("/auth/login")
        .header(ContentType::JSON)
        .body(json!({ "name": "ann", "password": "right" }).to_string());
    assert_eq!(login.send().await.status(), Status::Ok);
    assert_eq!(browser.cookie_names(), [ACCESS, REFRESH]);
}

async fn list(browser: &Browser) -> Vec<Value> {
    let response = send(browser, Method::Get, "/auth/sessions", &Value::Null).await;
    parse(response.body()).as_array().expect("a list").clone()
}

/// Forgets the cookies without signing out.
async fn forget(browser: &Browser) {
    for name in [ACCESS, REFRESH] {
        assert!(
            browser.set_cookie(
                "https://app.example.com",
                &format!("{name}=; Path=/; Secure; HttpOnly; Max-Age=0")
            )
        );
    }
}

//! Limits on attempts to sign in, at the session routes.

use jwt_auth_tests::Setup;
use rocket::http::{ContentType, Status};
use rocket::local::asynchronous::Client;
use serde_json::{Value, json};

use super::{app, browser, location, program, send, sign_in};
use crate::app::{ACCESS, secure};

async fn status(client: &Client, path: &str, body: Value) -> Status {
    client.post(path).header(ContentType::JSON).body(body.to_string()).dispatch().await.status()
}

fn wrong(name: &str) -> Value {
    json!({ "name": name, "password": "wrong" })
}

#[rocket::async_test]
async fn a_program_gets_429() {
    let client = program().await;
    for _ in 0..10 {
        assert_eq!(status(&client, "/auth/login", wrong("ann")).await, Status::Unauthorized);
    }
    let response =
        client.post("/auth/login").header(ContentType::JSON).body(wrong("ann").to_string()).dispatch().await;
    assert_eq!(response.status(), Status::TooManyRequests);
    assert_eq!(response.headers().get_one("Retry-After"), Some("90"));
    assert!(response.into_string().await.expect("a body").contains("too_many_attempts"));
    assert_eq!(status(&client, "/auth/login", wrong("bob")).await, Status::Unauthorized);
}

#[rocket::async_test]
async fn a_form_returns_to_the_login_page() {
    let browser = browser().await;
    for number in 0..100 {
        let form = format!("name=user-{number}&password=wrong&next=/me");
        browser.page().submit("/auth/login", &form).send().await;
    }
    let response = browser.page().submit("/auth/login", "name=ann&password=right&next=/me").send().await;
    assert_eq!(response.status(), Status::SeeOther);
    assert_eq!(location(&response), Some("/login?error=too_many_attempts&next=%2F"));
    assert_eq!(browser.cookie(ACCESS), None);
}

#[rocket::async_test]
async fn a_form_for_an_account_returns_to_the_login_page_and_keeps_the_next_one() {
    let browser = browser().await;
    for _ in 0..10 {
        browser.page().submit("/auth/login", "name=ann&password=wrong").send().await;
    }
    let response = browser.page().submit("/auth/login", "name=ann&password=right&next=/me").send().await;
    let target = location(&response).expect("a redirect").replace("%2F", "/");
    assert_eq!(target, "/login?error=too_many_attempts&next=/me");
}

#[rocket::async_test]
async fn passwords_cannot_be_guessed_within_a_stolen_session() {
    let browser = browser().await;
    sign_in(&browser, "ann").await;
    let again = async |password: &str| {
        let body = json!({ "name": "ann", "password": password });
        send(&browser, rocket::http::Method::Post, "/auth/reauthenticate", &body).await.status()
    };
    for _ in 0..10 {
        assert_eq!(again("wrong").await, Status::Unauthorized);
    }
    assert_eq!(again("right").await, Status::TooManyRequests);
    let login = send(&browser, rocket::http::Method::Post, "/auth/login", &wrong("ann")).await;
    assert_eq!(login.status(), Status::TooManyRequests, "the routes share the budget");
    let me = browser.page().fetch(rocket::http::Method::Get, "/auth/session").send().await;
    assert_eq!(me.status(), Status::Ok, "the session continues");
}

#[rocket::async_test]
async fn a_forged_refresh_token_does_not_count_against_the_account() {
    let client = program().await;
    for _ in 0..30 {
        let body = json!({ "name": "ann", "password": "wrong", "refresh_token": "a.b.c" });
        assert_eq!(status(&client, "/auth/reauthenticate", body).await, Status::Unauthorized);
    }
    assert_eq!(status(&client, "/auth/login", wrong("ann")).await, Status::Unauthorized);
}

#[rocket::async_test]
async fn the_limits_are_settings() {
    let setup: Setup = secure().with("throttle.account.attempts", 1);
    let client = Client::untracked(app(&setup)).await.expect("the app launches");
    assert_eq!(status(&client, "/auth/login", wrong("ann")).await, Status::Unauthorized);
    assert_eq!(status(&client, "/auth/login", wrong("ann")).await, Status::TooManyRequests);
}

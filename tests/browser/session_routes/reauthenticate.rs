//! `POST /reauthenticate`: a user signs in again, and the session continues.

use std::time::Duration;

use jwt_auth::testing::{self, Browser, BrowserResponse};
use rocket::http::{ContentType, Header, Method, Status};
use rocket::local::asynchronous::{Client, LocalResponse};
use serde_json::{Value, json};

use super::{browser, location, parse, program, send, sign_in};
use crate::app::{ACCESS, REFRESH};

const HOUR: Duration = Duration::from_secs(60 * 60);

fn advance(browser: &Browser, by: Duration) {
    testing::clock(browser.rocket()).advance(by);
}

async fn again(browser: &Browser, name: &str, password: &str) -> BrowserResponse {
    let login = json!({ "name": name, "password": password });
    send(browser, Method::Post, "/auth/reauthenticate", &login).await
}

/// Returns when the user signed in, and the id of the session.
async fn signed_in(browser: &Browser) -> (u64, String) {
    let session = parse(send(browser, Method::Get, "/auth/session", &Value::Null).await.body());
    let sessions = parse(send(browser, Method::Get, "/auth/sessions", &Value::Null).await.body());
    let sessions = sessions.as_array().expect("a list");
    assert_eq!(sessions.len(), 1, "no second session begins");
    let id = sessions[0]["id"].as_str().expect("an id");
    (session["signed_in_at"].as_u64().expect("a time"), id.to_owned())
}

#[rocket::async_test]
async fn a_browser_keeps_its_session_and_gets_a_new_sign_in() {
    let browser = browser().await;
    sign_in(&browser, "ann").await;
    let (before, id) = signed_in(&browser).await;
    let tokens = [ACCESS, REFRESH].map(|name| browser.cookie(name));
    advance(&browser, HOUR);
    let response = again(&browser, "ann", "right").await;
    assert_eq!((response.status(), parse(response.body())), (Status::Ok, json!({ "expires_in": 900 })));
    assert_ne!([ACCESS, REFRESH].map(|name| browser.cookie(name)), tokens);
    assert_eq!(signed_in(&browser).await, (before + 3_600, id.clone()));

    // The new sign-in survives the renewal of the access token.
    advance(&browser, HOUR);
    assert_eq!(signed_in(&browser).await, (before + 3_600, id));
}

#[rocket::async_test]
async fn rejected_credentials_and_those_of_another_user_look_the_same() {
    let browser = browser().await;
    sign_in(&browser, "ann").await;
    let before = signed_in(&browser).await;
    let cookies = [ACCESS, REFRESH].map(|name| browser.cookie(name));
    advance(&browser, Duration::from_secs(60));
    let wrong = again(&browser, "ann", "wrong").await;
    let other = again(&browser, "ben", "right").await;
    assert_eq!((wrong.status(), other.status()), (Status::Unauthorized, Status::Unauthorized));
    assert_eq!(parse(wrong.body())["error"], "invalid_credentials");
    assert_eq!(wrong.body(), other.body());
    let challenge =
        |response: &BrowserResponse| response.headers().get_one("WWW-Authenticate").map(str::to_owned);
    assert_eq!(challenge(&wrong), challenge(&other));
    assert_eq!([ACCESS, REFRESH].map(|name| browser.cookie(name)), cookies);
    assert_eq!(signed_in(&browser).await, before, "nothing has changed");
}

#[rocket::async_test]
async fn a_browser_without_a_live_session_is_rejected() {
    let browser = browser().await;
    let without = again(&browser, "ann", "right").await;
    assert_eq!(parse(without.body())["error"], "unauthorized");
    assert_eq!(browser.cookie_names(), Vec::<String>::new(), "no session begins");
}

#[rocket::async_test]
async fn an_ended_session_is_forgotten() {
    let browser = browser().await;
    sign_in(&browser, "ann").await;
    let auth: &jwt_auth::JwtAuth = browser.rocket().state().expect("the fairing is attached");
    auth.revoke_subject::<jwt_auth_tests::User>("ann").await.expect("the store works");
    let ended = again(&browser, "ann", "right").await;
    assert_eq!(parse(ended.body())["error"], "invalid_grant");
    assert_eq!(browser.cookie_names(), Vec::<String>::new());
}

#[rocket::async_test]
async fn a_form_goes_to_the_next_page_or_back_to_the_login_page() {
    let browser = browser().await;
    sign_in(&browser, "ann").await;
    let submit = async |form: &str| {
        let response = browser.page().submit("/auth/reauthenticate", form).send().await;
        assert_eq!(response.status(), Status::SeeOther, "{form}");
        location(&response).expect("a redirect").replace("%2F", "/")
    };
    assert_eq!(submit("name=ann&password=right&next=/me").await, "/me");
    for (form, target) in [
        ("name=ann&password=wrong&next=/me", "/login?error=invalid_credentials&next=/me"),
        ("name=ben&password=right&next=/me", "/login?error=invalid_credentials&next=/me"),
        ("password=right&next=/me", "/login?error=invalid_request&next=/me"),
        (
            "name=ann&password=right&refresh_token=a&refresh_token=b&next=/me",
            "/login?error=invalid_request&next=/me",
        ),
        ("name=ann&password=right&next=//evil.example", "/"),
    ] {
        assert_eq!(submit(form).await, target, "{form}");
    }
    assert!(browser.cookie(ACCESS).is_some(), "the session continues");
}

#[rocket::async_test]
async fn a_page_of_another_site_cannot_sign_its_visitor_in_again() {
    let browser = browser().await;
    sign_in(&browser, "ann").await;
    let before = signed_in(&browser).await;
    advance(&browser, Duration::from_secs(60));
    let evil = browser.page_of("https://evil.example");
    let form = evil.submit("/auth/reauthenticate", "name=ann&password=right").send().await;
    assert_eq!(form.status(), Status::Forbidden);
    assert_eq!(signed_in(&browser).await, before);
}

async fn post<'c>(client: &'c Client, path: &'c str, body: Value) -> LocalResponse<'c> {
    client.post(path).header(ContentType::JSON).body(body.to_string()).dispatch().await
}

#[rocket::async_test]
async fn a_program_sends_its_refresh_token_with_the_credentials() {
    let client = program().await;
    let login = json!({ "name": "ann", "password": "right" });
    let pair: Value = post(&client, "/auth/login", login.clone()).await.into_json().await.expect("JSON");
    let with = |token: Value| json!({ "refresh_token": token, "name": "ann", "password": "right" });
    testing::clock(client.rocket()).advance(HOUR);
    let elevated = post(&client, "/auth/reauthenticate", with(pair["refresh_token"].clone())).await;
    assert_eq!((elevated.status(), elevated.headers().get("Set-Cookie").count()), (Status::Ok, 0));
    let next: Value = elevated.into_json().await.expect("JSON");
    let signed_in = |pair: &Value| {
        jwt_auth_tests::payload(pair["access_token"].as_str().expect("a token"))["auth_time"].as_u64()
    };
    assert_eq!(signed_in(&next), signed_in(&pair).map(|time| time + 3_600));
    let header =
        Header::new("Authorization", format!("Bearer {}", next["access_token"].as_str().expect("a token")));
    let listed = client.get("/auth/sessions").header(header).dispatch().await;
    assert_eq!(listed.into_json::<Vec<Value>>().await.expect("JSON").len(), 1);

    for (body, status, error, field) in [
        (login.clone(), Status::UnprocessableEntity, "invalid_request", json!("refresh_token")),
        (with(Value::Null), Status::UnprocessableEntity, "invalid_request", json!("refresh_token")),
        (with(json!(5)), Status::UnprocessableEntity, "invalid_request", json!("refresh_token")),
        (
            json!({ "refresh_token": "a", "password": "x" }),
            Status::UnprocessableEntity,
            "invalid_request",
            json!("name"),
        ),
        (
            json!({ "refresh_token": "a", "name": "ann", "password": 5 }),
            Status::UnprocessableEntity,
            "invalid_request",
            json!("password"),
        ),
        (with(json!("rubbish")), Status::Unauthorized, "invalid_grant", Value::Null),
        (with(next["access_token"].clone()), Status::Unauthorized, "invalid_grant", Value::Null),
    ] {
        let response = post(&client, "/auth/reauthenticate", body.clone()).await;
        assert_eq!(response.status(), status, "{body}");
        let answer: Value = response.into_json().await.expect("JSON");
        assert_eq!((&answer["error"], &answer["field"]), (&json!(error), &field), "{body}");
    }
}

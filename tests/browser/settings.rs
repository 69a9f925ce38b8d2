//! Settings of cookies that stop a launch.

use jwt_auth::{Fairing, JwtAuth};
use jwt_auth_tests::{Log, Setup};
use rocket::Config;
use serde_json::json;

use crate::app::Accounts;

async fn refusal(setup: Setup) -> String {
    refusal_of(&setup, JwtAuth::fairing().cookies()).await
}

async fn refusal_of(setup: &Setup, fairing: Fairing) -> String {
    let log = Log::capture();
    let launched = setup.attach(fairing).ignite().await;
    // It panics unless it was looked at.
    let _ = launched.expect_err("it does not launch").kind();
    log.text()
}

#[rocket::async_test]
async fn wrong_settings_stop_the_launch_and_say_what_to_write() {
    for (key, value, message) in [
        ("cookies.origins", json!(["https://app.example.com/"]), "has a path"),
        ("cookies.origins", json!("https://App.example.com"), "upper-case letters"),
        ("cookies.origins", json!(["https://ann@app.example.com"]), "has a user"),
        ("cookies.origins", json!(["https://münchen.example"]), "is not ASCII"),
        ("cookies.origins", json!(["*"]), "is not an origin"),
        ("cookies.name", json!("a b"), "letters, digits and - _ ."),
        ("cookies.secure", json!("always"), "must be true, false or \"auto\""),
        ("cookies.renew", json!(true), "JwtAuth::fairing().users("),
        ("cookies.nmae", json!("jwt"), "`jwt_auth.cookies.nmae` in"),
        ("cookies", json!("on"), "must be a table"),
        ("session_ttl", json!("401d"), "longer than 400 days"),
    ] {
        let logged = refusal(Setup::memory().with(key, value)).await;
        assert!(logged.contains(message), "{key}: {logged}");
    }
}

#[rocket::async_test]
async fn two_tabs_that_renew_at_once_need_a_grace_period() {
    let setup = Setup::memory().with("reuse_grace", "0s");
    let logged = refusal_of(&setup, JwtAuth::fairing().cookies().users(Accounts)).await;
    assert!(logged.contains("reuse_grace = \"30s\""), "{logged}");
    assert!(setup.attach(JwtAuth::fairing().cookies()).ignite().await.is_ok(), "nothing is renewed");
}

#[rocket::async_test]
async fn secure_cookies_and_an_http_origin_contradict_each_other() {
    let setup = Setup::memory().with("cookies.origins", ["http://app.example.com"]);
    let logged = refusal(setup.with("cookies.secure", true)).await;
    assert!(logged.contains("contains an http origin"), "{logged}");
}

#[rocket::async_test]
async fn a_release_sets_no_cookie_without_secure() {
    let release = || Setup::bare(Config::release_default()).with("secret", jwt_auth_tests::TestKey::SECRET);
    let logged = refusal(release().with("cookies.secure", false)).await;
    assert!(logged.contains("cookies.secure"), "{logged}");
    let launched = release().attach(JwtAuth::fairing().cookies().users(Accounts)).ignite().await;
    assert!(launched.is_ok());
}

#[rocket::async_test]
async fn the_tokens_of_a_migration_do_not_fit_into_cookies() {
    let server = jwt_auth_tests::RedisServer::start();
    let logged = refusal(Setup::redis(&server).with("fastapi_framework", "issue")).await;
    assert!(logged.contains("fastapi_framework = \"accept\""), "{logged}");
}

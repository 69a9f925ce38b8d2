//! The session routes, as browsers, forms and programs use them.

mod browsers;
mod forms;
mod launch;
mod programs;
mod reauthenticate;
mod throttle;

use jwt_auth::session_routes;
use jwt_auth::testing::{self, Browser, BrowserResponse};
use jwt_auth_tests::Setup;
use rocket::http::{ContentType, Method};
use rocket::local::asynchronous::Client;
use rocket::{Build, Rocket};
use serde_json::{Value, json};

use crate::app::{Accounts, rocket, secure};

fn app(setup: &Setup) -> Rocket<Build> {
    rocket(setup).mount("/auth", session_routes::<Accounts>())
}

async fn browser() -> Browser {
    testing::browser(app(&secure().with("cookies.login_page", "/login"))).await
}

/// A program, which knows neither cookies nor pages.
async fn program() -> Client {
    Client::untracked(testing::app(app(&secure()))).await.expect("the app launches")
}

/// Sends JSON, as a script does.
async fn send(browser: &Browser, method: Method, path: &str, body: &Value) -> BrowserResponse {
    let request = browser.page().fetch(method, path).header(ContentType::JSON);
    if body.is_null() { request.send().await } else { request.body(body.to_string()).send().await }
}

async fn sign_in(browser: &Browser, name: &str) -> BrowserResponse {
    let login = json!({ "name": name, "password": "right", "remember": true });
    send(browser, Method::Post, "/auth/login", &login).await
}

fn parse(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{body:?}: {error}"))
}

fn location(response: &BrowserResponse) -> Option<&str> {
    response.headers().get_one("Location")
}

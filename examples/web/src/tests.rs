//! The app, as a browser sees it.

mod access;
mod cross_site;
mod everywhere;
mod live;
mod note;
mod pages;
mod register;
mod sessions;
mod sign_in;

use jwt_auth::testing::{self, Browser, BrowserResponse};
use rocket::http::Status;

const DEMO: &str = "username=demo&password=hunter2hunter2";

/// Opens a browser that is not signed in.
async fn browser() -> Browser {
    testing::browser(crate::rocket()).await
}

/// Opens a browser that is signed in as `demo`.
async fn signed_in() -> Browser {
    let browser = browser().await;
    sign_in(&browser).await;
    browser
}

async fn sign_in(browser: &Browser) {
    let response = submit(browser, "/auth/login", &format!("{DEMO}&next=/account")).await;
    assert_eq!(target(&response), "/account");
}

/// Submits a form on a page of the app.
async fn submit(browser: &Browser, path: &str, form: &str) -> BrowserResponse {
    browser.page().submit(path, form).send().await
}

/// Opens a page, which must exist.
async fn open(browser: &Browser, path: &str) -> String {
    let response = browser.open(path).send().await;
    assert_eq!(response.status(), Status::Ok, "{path}");
    response.body().to_owned()
}

/// Returns the path that a response redirects to.
fn target(response: &BrowserResponse) -> &str {
    assert_eq!(response.status(), Status::SeeOther, "{}", response.body());
    response.headers().get_one("Location").expect("a redirect has a target")
}

//! The sessions on the account page.

use std::time::Duration;

use jwt_auth::testing::{self, Browser};
use rocket::http::Header;

use super::{DEMO, open, sign_in, signed_in, submit, target};

const END: &str = "_method=delete&next=/account";

/// Returns a browser that was signed in, was closed, and has signed in again.
async fn signed_in_twice() -> Browser {
    let browser = signed_in().await;
    browser.close();
    testing::clock(browser.rocket()).advance(Duration::from_secs(1));
    sign_in(&browser).await;
    browser
}

/// Returns the ids of the sessions on the account page, newest first.
async fn ids(browser: &Browser) -> Vec<String> {
    let page = open(browser, "/account").await;
    let ids = page.split("data-id=\"").skip(1).filter_map(|rest| rest.split('"').next());
    ids.map(str::to_owned).collect()
}

#[rocket::async_test]
async fn a_form_ends_one_session() {
    let browser = signed_in_twice().await;
    let sessions = ids(&browser).await;
    let [current, other] = &sessions[..] else { panic!("there are two sessions: {sessions:?}") };
    let ended = submit(&browser, &format!("/auth/sessions/{other}"), END).await;
    assert_eq!(target(&ended), "/account");
    assert_eq!(ids(&browser).await, std::slice::from_ref(current));

    submit(&browser, &format!("/auth/sessions/{current}"), END).await;
    assert_eq!(target(&browser.open("/account").send().await), "/login?next=%2Faccount");
}

#[rocket::async_test]
async fn a_form_ends_all_other_sessions() {
    let browser = signed_in_twice().await;
    let current = ids(&browser).await.swap_remove(0);
    let ended = submit(&browser, "/auth/sessions", END).await;
    assert_eq!(target(&ended), "/account");
    assert_eq!(ids(&browser).await, [current]);
}

#[rocket::async_test]
async fn a_session_has_the_name_of_its_device() {
    let browser = super::browser().await;
    let agent =
        Header::new("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
    browser.page().submit("/auth/login", DEMO).header(agent).send().await;
    assert!(open(&browser, "/account").await.contains("Firefox on Linux"));
}

//! Signing out everywhere, which requires a recent sign-in.

use std::time::Duration;

use jwt_auth::testing::{self, Browser};
use rocket::http::Status;

use super::{DEMO, open, signed_in, submit, target};

const PAGE: &str = "/account/sign-out-everywhere";
const MINUTE: Duration = Duration::from_secs(60);

fn advance(browser: &Browser, by: Duration) {
    testing::clock(browser.rocket()).advance(by);
}

#[rocket::async_test]
async fn a_recent_sign_in_is_enough() {
    let browser = signed_in().await;
    assert!(open(&browser, "/account").await.contains(PAGE));
    assert!(open(&browser, PAGE).await.contains(r#"id="sign-out-everywhere""#));
    // The user thinks about it for a while.
    advance(&browser, 9 * MINUTE);
    assert_eq!(target(&submit(&browser, PAGE, "").await), "/");
    assert!(browser.cookie_names().is_empty());
    assert!(open(&browser, "/").await.contains(r#"id="sign-in""#));
}

#[rocket::async_test]
async fn a_user_who_signed_in_a_while_ago_enters_the_password_again() {
    let browser = signed_in().await;
    // The access token has expired in the meantime, and is renewed on the way.
    for wait in [6 * MINUTE, 30 * MINUTE] {
        advance(&browser, wait);
        let redirected = browser.open(PAGE).send().await;
        let login = target(&redirected);
        assert_eq!(
            login,
            "/login?error=insufficient_user_authentication&next=%2Faccount%2Fsign-out-everywhere"
        );
        let prompt = open(&browser, login).await;
        assert!(prompt.contains(r#"action="/auth/reauthenticate""#), "{prompt}");
        assert!(prompt.contains(&format!(r#"name="next" value="{PAGE}""#)), "{prompt}");
        assert!(prompt.contains(r#"value="demo""#) && !prompt.contains(r#"id="sign-in""#), "{prompt}");

        let wrong = format!("username=demo&password=wrong&next={PAGE}");
        let failed = submit(&browser, "/auth/reauthenticate", &wrong).await;
        let prompt = open(&browser, target(&failed)).await;
        assert!(
            prompt.contains("Invalid username or password.") && prompt.contains(r#"id="confirm""#),
            "{prompt}"
        );

        let confirmed = submit(&browser, "/auth/reauthenticate", &format!("{DEMO}&next={PAGE}")).await;
        assert_eq!(target(&confirmed), PAGE);
        open(&browser, PAGE).await;
    }
    assert_eq!(target(&submit(&browser, PAGE, "").await), "/");
    assert!(browser.cookie_names().is_empty());
}

#[rocket::async_test]
async fn the_form_alone_is_not_enough() {
    let browser = signed_in().await;
    advance(&browser, 11 * MINUTE);
    assert_eq!(submit(&browser, PAGE, "").await.status(), Status::Unauthorized);
    assert!(open(&browser, "/account").await.contains("demo"), "the session continues");
}

#[rocket::async_test]
async fn another_account_does_not_confirm_it() {
    let browser = signed_in().await;
    advance(&browser, 6 * MINUTE);
    let admin = format!("username=admin&password=correct+horse+battery+staple&next={PAGE}");
    let failed = submit(&browser, "/auth/reauthenticate", &admin).await;
    assert!(target(&failed).starts_with("/login?error=invalid_credentials"));
    assert_eq!(browser.open(PAGE).send().await.status(), Status::SeeOther);
}

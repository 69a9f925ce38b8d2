//! Signing in and out with forms.

use super::{DEMO, browser, open, signed_in, submit, target};

#[rocket::async_test]
async fn a_sign_in_leads_to_the_page_that_needed_it() {
    let browser = browser().await;
    assert!(open(&browser, "/login?next=/account").await.contains(r#"name="next" value="/account""#));
    let signed_in = submit(&browser, "/auth/login", &format!("{DEMO}&next=/account")).await;
    assert_eq!(target(&signed_in), "/account");
    assert!(open(&browser, "/account").await.contains("demo"));
}

#[rocket::async_test]
async fn a_sign_in_leads_to_no_other_site() {
    let browser = browser().await;
    for next in ["https://evil.example", "//evil.example"] {
        let form = open(&browser, &format!("/login?next={next}")).await;
        assert!(form.contains(r#"name="next" value="/""#), "{next}: {form}");
        let signed_in = submit(&browser, "/auth/login", &format!("{DEMO}&next={next}")).await;
        assert_eq!(target(&signed_in), "/", "{next}");
    }
}

#[rocket::async_test]
async fn a_failed_sign_in_leads_back_to_the_form() {
    let browser = browser().await;
    let failed = submit(&browser, "/auth/login", "username=demo&password=wrong&next=/account").await;
    let form = open(&browser, target(&failed)).await;
    assert!(form.contains("Invalid username or password."), "{form}");
    assert!(form.contains(r#"name="next" value="/account""#), "{form}");
    assert!(browser.cookie_names().is_empty());
}

#[rocket::async_test]
async fn the_browser_keeps_the_session_if_the_user_wishes() {
    for (remember, kept) in [("", false), ("&remember=true", true)] {
        let browser = browser().await;
        submit(&browser, "/auth/login", &format!("{DEMO}{remember}")).await;
        browser.close();
        assert_eq!(!browser.cookie_names().is_empty(), kept, "{remember}");
    }
}

#[rocket::async_test]
async fn a_sign_out_ends_the_session() {
    for path in ["/auth/logout", "/auth/logout-all"] {
        let browser = signed_in().await;
        assert_eq!(target(&submit(&browser, path, "next=/").await), "/", "{path}");
        assert!(browser.cookie_names().is_empty(), "{path}");
        assert!(open(&browser, "/").await.contains("sign-in"), "{path}");
    }
}

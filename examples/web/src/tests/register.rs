//! Creating accounts.

use rocket::http::Status;

use super::{browser, open, signed_in, submit, target};

const ADA: &str = "username=ada&password=correct+horse+battery+staple";

#[rocket::async_test]
async fn a_new_user_is_signed_in_and_can_sign_in_again() {
    let browser = browser().await;
    assert!(open(&browser, "/login").await.contains(r#"href="/register""#));
    assert!(open(&browser, "/register").await.contains(r#"id="register""#));
    assert_eq!(target(&submit(&browser, "/register", ADA).await), "/account");
    assert!(open(&browser, "/account").await.contains("ada"));
    assert!(open(&browser, "/api/me").await.contains(r#""roles":["user"]"#));

    submit(&browser, "/auth/logout", "").await;
    assert!(browser.cookie_names().is_empty());
    submit(&browser, "/auth/login", "username=ada&password=correct+horse+battery+stapler").await;
    assert!(browser.cookie_names().is_empty());
    assert_eq!(target(&submit(&browser, "/auth/login", &format!("{ADA}&next=/account")).await), "/account");
    assert!(open(&browser, "/account").await.contains("ada"));
}

#[rocket::async_test]
async fn a_taken_name_is_refused() {
    let browser = browser().await;
    let response = submit(&browser, "/register", "username=demo&password=correct+horse+battery+staple").await;
    assert_eq!(response.status(), Status::Conflict);
    let page = response.body();
    assert!(page.contains("This username is taken.") && page.contains(r#"value="demo""#), "{page}");
    assert!(browser.cookie_names().is_empty());
    // The account keeps its password.
    assert_eq!(target(&submit(&browser, "/auth/login", super::DEMO).await), "/");
}

#[rocket::async_test]
async fn an_unsuitable_password_is_refused_and_not_shown_again() {
    let browser = browser().await;
    let (short, long, many_bytes) = ("x".repeat(14), "x".repeat(257), "%C3%A9".repeat(129));
    for (password, message) in [
        ("", "at least 15 characters"),
        (&short, "at least 15 characters"),
        // Characters count, not bytes.
        (&"%C3%A9".repeat(14), "at least 15 characters"),
        (&long, "shorter password"),
        (&many_bytes, "shorter password"),
    ] {
        let response = submit(&browser, "/register", &format!("username=ada&password={password}")).await;
        assert_eq!(response.status(), Status::UnprocessableEntity, "{password}");
        let page = response.body();
        assert!(page.contains(message) && page.contains(r#"value="ada""#), "{page}");
        assert!(password.is_empty() || !page.contains(password), "{page}");
    }
    assert!(browser.cookie_names().is_empty());
    // The name is still free, and the limits themselves are permitted.
    for (name, password) in [("ada", "x".repeat(15)), ("bob", "x".repeat(256))] {
        let response = submit(&browser, "/register", &format!("username={name}&password={password}")).await;
        assert_eq!(target(&response), "/account", "{name}");
    }
}

#[rocket::async_test]
async fn an_unsuitable_name_is_refused() {
    let browser = browser().await;
    for name in ["", "ad", "Admin", "a+b", "ad%C3%A0", "%3Cb%3E", &"a".repeat(33)] {
        let form = format!("username={name}&password=correct+horse+battery+staple");
        let response = submit(&browser, "/register", &form).await;
        assert_eq!(response.status(), Status::UnprocessableEntity, "{name}");
        assert!(response.body().contains("lowercase letters") && !response.body().contains("<b>"), "{name}");
    }
    assert!(browser.cookie_names().is_empty());
}

#[rocket::async_test]
async fn another_site_cannot_register_its_visitors() {
    let browser = browser().await;
    for origin in ["https://evil.example", "http://localhost:3000"] {
        let response = browser.page_of(origin).submit("/register", ADA).send().await;
        assert_eq!(response.status(), Status::Forbidden, "{origin}");
        assert!(browser.cookie_names().is_empty(), "{origin}");
    }
    // No account was created.
    assert_eq!(target(&submit(&browser, "/register", ADA).await), "/account");
}

#[rocket::async_test]
async fn a_registration_ends_the_session_before_it() {
    let browser = signed_in().await;
    assert_eq!(target(&submit(&browser, "/register", ADA).await), "/account");
    let page = open(&browser, "/account").await;
    assert!(page.contains("ada") && !page.contains("demo"), "{page}");
}

//! HTML forms, which get a redirect.

use jwt_auth::testing::Browser;
use rocket::http::{ContentType, Status};

use super::{browser, location};
use crate::app::ACCESS;

async fn submit(browser: &Browser, path: &str, form: &str) -> (Status, Option<String>) {
    let response = browser.page().submit(path, form).send().await;
    (response.status(), location(&response).map(str::to_owned))
}

fn see(target: &str) -> (Status, Option<String>) {
    (Status::SeeOther, Some(target.to_owned()))
}

#[rocket::async_test]
async fn a_login_goes_to_the_next_page_of_this_app() {
    for (next, target) in [
        ("", "/"),
        ("&next=", "/"),
        ("&next=/me", "/me"),
        ("&next=%2Fme%3Fa%3D1%26b%3D2", "/me?a=1&b=2"),
        ("&next=https://evil.example", "/"),
        ("&next=//evil.example", "/"),
        ("&next=/%5Cevil.example", "/"),
        ("&next=%2F%09%2Fevil.example", "/"),
        ("&next=/login", "/"),
        ("&next=/login%3Fnext%3D/me", "/"),
        ("&next=/.//evil.example", "/"),
    ] {
        let browser = browser().await;
        let form = format!("name=ann&password=right{next}");
        assert_eq!(submit(&browser, "/auth/login", &form).await, see(target), "{next}");
        assert!(browser.cookie(ACCESS).is_some(), "{next}");
    }
}

#[rocket::async_test]
async fn a_failed_login_goes_to_the_login_page_and_keeps_the_next_one() {
    let browser = browser().await;
    for (form, target) in [
        ("name=ann&password=wrong&next=/me", "/login?error=invalid_credentials&next=/me"),
        ("name=ann&password=wrong&next=/a%3Fb%3Dc%26d", "/login?error=invalid_credentials&next=/a?b%3Dc%26d"),
        ("name=ann&password=wrong&next=//evil.example", "/login?error=invalid_credentials&next=/"),
        ("name=ann&password=wrong", "/login?error=invalid_credentials&next=/"),
        ("password=right&next=/me", "/login?error=invalid_request&next=/me"),
    ] {
        let (status, location) = submit(&browser, "/auth/login", form).await;
        let location = location.expect("a redirect");
        assert_eq!(
            (status, location.replace("%2F", "/").replace("%3F", "?").as_str()),
            (Status::SeeOther, target),
            "{form}"
        );
        assert_eq!(browser.cookie_names(), Vec::<String>::new());
    }
}

#[rocket::async_test]
async fn sessions_end_by_form() {
    for (path, fields, signed_in) in [
        ("/auth/logout", "next=/home", false),
        ("/auth/logout-all", "next=/home", false),
        ("/auth/sessions", "_method=delete&next=/home", true),
    ] {
        let browser = browser().await;
        submit(&browser, "/auth/login", "name=ann&password=right").await;
        assert_eq!(submit(&browser, path, fields).await, see("/home"), "{path}");
        assert_eq!(browser.cookie(ACCESS).is_some(), signed_in, "{path}");
        if !signed_in {
            let target = if path == "/auth/logout" { "/home" } else { "/login?error=unauthorized&next=%2F" };
            assert_eq!(submit(&browser, path, fields).await, see(target), "{path} again");
        }
    }
}

#[rocket::async_test]
async fn one_session_ends_by_form_also_if_it_has_already_ended() {
    let browser = browser().await;
    submit(&browser, "/auth/login", "name=ann&password=right").await;
    let path = format!("/auth/sessions/{}", uuid::Uuid::new_v4());
    assert_eq!(submit(&browser, &path, "_method=delete&next=/home").await, see("/home"));
}

#[rocket::async_test]
async fn a_form_may_be_multipart() {
    let part = |name: &str, value: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body = part("name", "ann") + &part("password", "right") + &part("next", "/me") + "--x--\r\n";
    let browser = browser().await;
    let multipart = ContentType::new("multipart", "form-data").with_params(("boundary", "x"));
    let response = browser.page().submit("/auth/login", "").header(multipart).body(body).send().await;
    assert_eq!((response.status(), location(&response)), (Status::SeeOther, Some("/me")), "{response:?}");
    assert!(browser.cookie(ACCESS).is_some());
}

#[rocket::async_test]
async fn a_form_that_is_too_long_is_refused() {
    let browser = browser().await;
    let form = format!("name=ann&password={}", "a".repeat(100_000));
    let (status, location) = submit(&browser, "/auth/login", &form).await;
    assert_eq!(status, Status::SeeOther);
    assert!(location.is_some_and(|target| target.starts_with("/login?error=invalid_request")));
}

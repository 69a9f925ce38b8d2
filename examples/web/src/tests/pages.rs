//! The pages, and the files that they load.

use rocket::http::Status;

use super::{browser, open, signed_in, target};

#[rocket::async_test]
async fn an_anonymous_visitor_sees_the_sign_in_form() {
    let browser = browser().await;
    for path in ["/", "/login", "/app"] {
        assert!(open(&browser, path).await.contains(r#"id="sign-in""#), "{path}");
    }
    assert_eq!(open(&browser, "/api/whoami").await, r#"{"user":null}"#);
    let account = browser.page().follow("/account").send().await;
    assert_eq!(target(&account), "/login?next=%2Faccount");
    assert_eq!(browser.page().get("/api/me").send().await.status(), Status::Unauthorized);
}

#[rocket::async_test]
async fn a_signed_in_user_sees_the_own_name() {
    let browser = signed_in().await;
    for path in ["/", "/account", "/api/me", "/api/whoami"] {
        let page = open(&browser, path).await;
        assert!(page.contains("demo") && !page.contains("sign-in"), "{path}: {page}");
    }
}

#[rocket::async_test]
async fn every_response_has_a_content_security_policy() {
    let browser = browser().await;
    for path in ["/", "/account", "/app", "/register", "/api/me", "/static/app.js", "/nowhere"] {
        let response = browser.open(path).send().await;
        let policy = response.headers().get_one("Content-Security-Policy").unwrap_or_default();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{path}: {policy}");
    }
}

#[rocket::async_test]
async fn every_file_that_a_page_loads_exists() {
    let browser = browser().await;
    let app = open(&browser, "/app").await;
    let files: Vec<&str> = app.split('"').filter(|text| text.starts_with("/static/")).collect();
    assert!(files.contains(&"/static/app.js"), "{files:?}");
    for file in files {
        open(&browser, file).await;
    }
    let script = open(&browser, "/static/app.js").await;
    let imports = script.split('"').filter_map(|text| text.strip_prefix("./"));
    for import in imports {
        open(&browser, &format!("/static/{import}")).await;
    }
}
